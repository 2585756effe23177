"""Signing in and out."""

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

router = APIRouter()


@router.get("/")
def home() -> Response:
    """Lead to what waits."""
    return RedirectResponse("/backorders", 303)
