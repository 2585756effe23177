"""The files that the pages bring, ours and the vendors'; their addresses change with them, so they are kept."""

from importlib.resources import as_file

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.responses import Response

from makegood.entrypoints.web.rendering import found_asset

router = APIRouter()

KINDS = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}


@router.get("/assets/{name}")
def asset(name: str) -> Response:
    """Give one file."""
    kind, found = KINDS.get(name.rpartition(".")[2]), found_asset(name)
    if kind is None or found is None:
        raise HTTPException(404)
    with as_file(found) as path:
        headers = {"Cache-Control": "public, max-age=31536000, immutable"}
        return Response(path.read_bytes(), media_type=kind, headers=headers)
