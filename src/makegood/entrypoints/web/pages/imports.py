"""/imports: a file is taken in; good rows land, bad ones are listed with what to do about them."""

from collections.abc import AsyncIterator
from typing import Annotated, NamedTuple

from fastapi import APIRouter, Depends, Request
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.responses import Response

from makegood.domain.accounts import Role, insist_on_role
from makegood.domain.errors import UnreadableFile
from makegood.entrypoints.lobby.admission import known
from makegood.entrypoints.lobby.uploads import Wish, take_file
from makegood.entrypoints.web.visit import Manager, ManagerLooks
from makegood.services.files.kinds import About
from makegood.services.files.rows import Terms

router = APIRouter()


class Filled(NamedTuple):
    """How the form stands: it is checked first, then sent again as it was."""

    kind: About = About.ORDERS
    create: bool = False
    dry_run: bool = True


async def sent(request: Request) -> AsyncIterator[FormData]:
    """Give the form with its file, which goes to the disk as it comes; nobody unknown is let send one."""

    def insist() -> None:
        insist_on_role(known(request.app.state.front, request), Role.MANAGER)

    await run_in_threadpool(insist)
    async with request.form(max_files=1, max_fields=10) as form:
        yield form


@router.get("/imports")
def ask(visit: ManagerLooks) -> Response:
    """Ask for a file."""
    return visit.show("floor/imports.html", kinds=list(About), summary=None, wish=Filled())


@router.post("/imports")
def take(form: Annotated[FormData, Depends(sent)], visit: Manager) -> Response:
    """Take a file in, batch by batch, and tell what came of it; the same file again changes nothing."""
    file, about = form.get("file"), str(form.get("kind"))
    if not isinstance(file, UploadFile) or about not in list(About):
        raise UnreadableFile("upload", "the form has no file, or does not say what it is about")
    wish = Wish(file.filename or "upload", Terms(create=bool(form.get("create"))), bool(form.get("dry_run")))
    summary = take_file(visit.request, About(about), file.file, wish)
    again = Filled(About(about), wish.terms.create, summary.dry_run and bool(summary.bad))
    return visit.show("floor/imports.html", kinds=list(About), summary=summary, wish=again)
