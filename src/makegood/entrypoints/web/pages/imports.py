"""/imports: a file is taken in; good rows land, bad ones are listed with what to do about them."""

from enum import StrEnum
from importlib import import_module
from typing import IO, Annotated, Any

from fastapi import APIRouter, Form, UploadFile
from starlette.responses import Response

from makegood.entrypoints.web.visit import Manager, ManagerLooks, Visit
from makegood.services.accounts.audit import audit
from makegood.services.files.columns import Columns
from makegood.services.files.importing import Import, Kind, Summary
from makegood.services.files.rows import Terms
from makegood.services.files.source import opened

router = APIRouter()

Tick = Annotated[bool, Form()]


class About(StrEnum):
    """What a file is about."""

    ORDERS = "orders"
    STOCK = "stock"
    VARIANTS = "variants"
    LOCATIONS = "locations"
    RETURNS = "returns"
    INBOUND = "inbound"


@router.get("/imports")
def ask(visit: ManagerLooks) -> Response:
    """Ask for a file."""
    return visit.show("floor/imports.html", kinds=list(About), summary=None)


@router.post("/imports")
def take(
    visit: Manager, kind: Annotated[About, Form()], file: UploadFile, create: Tick = False, dry_run: Tick = False
) -> Response:
    """Take a file in, batch by batch, and tell what came of it; the same file again changes nothing."""
    summary = _take(visit, kind, file.filename or "upload", file.file, Terms(create=create), dry_run=dry_run)
    return visit.show("floor/imports.html", kinds=list(About), summary=summary)


def _take(visit: Visit, kind: About, name: str, stream: IO[bytes], terms: Terms, *, dry_run: bool) -> Summary:
    about: Kind[Any] = import_module(f"makegood.services.import_{kind.value}").KIND
    front, caller = visit.front, visit.caller
    desk = front.house.at(front.clock(), caller.name, f"import:{name}", caller.merchants)
    wanted = Columns(about.entry, {})
    with opened(None, recognised=wanted.knows, stream=stream, form=None, encoding=None) as source:
        if source.headers is not None:
            wanted.insist(name, source.headers)
        summary = Import(desk, about, terms=terms, dry_run=dry_run).take(name, source.rows, wanted)
    summary.passed_over = len(source.passed_over)
    if not dry_run:
        facts: dict[str, object] = {"kind": kind.value, "landed": summary.landed, "bad": summary.bad}
        desk(audit, "POST /imports", name, facts, request_id=visit.request.scope.get("request_id"))
    return summary
