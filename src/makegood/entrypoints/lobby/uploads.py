"""Files that visitors send: taken in row by row in many small transactions, and put on record as one act."""

from collections.abc import Sequence
from typing import IO, NamedTuple

from starlette.requests import Request

from makegood.entrypoints.lobby.front import Front
from makegood.services.accounts.audit import audit
from makegood.services.files.columns import Columns, read_columns
from makegood.services.files.importing import Import, Summary
from makegood.services.files.kinds import About, kind_of
from makegood.services.files.rows import Terms
from makegood.services.files.source import opened


class Wish(NamedTuple):
    """How a file is to be taken; its form and encoding are told from how it begins, unless they are said."""

    name: str
    terms: Terms
    dry_run: bool
    form: str | None = None
    encoding: str | None = None
    columns: Sequence[str] = ()


def take_file(request: Request, about: About, stream: IO[bytes], wish: Wish) -> Summary:
    """Take a file of the caller whom the request's state names; good rows land, the same file changes nothing."""
    front: Front = request.app.state.front
    caller, kind = request.state.caller, kind_of(about)
    desk = front.house.at(front.clock(), caller.name, f"import:{wish.name}", caller.merchants)
    wanted = Columns(kind.entry, read_columns(wish.columns))
    with opened(None, recognised=wanted.knows, stream=stream, form=wish.form, encoding=wish.encoding) as source:
        if source.headers is not None:
            wanted.insist(wish.name, source.headers)
        summary = Import(desk, kind, terms=wish.terms, dry_run=wish.dry_run).take(wish.name, source.rows, wanted)
    summary.passed_over = len(source.passed_over)
    if not wish.dry_run:
        facts: dict[str, object] = {"kind": about.value, "landed": summary.landed, "bad": summary.bad}
        act, request_id = f"POST {request.scope['route'].path}", request.scope.get("request_id")
        desk(audit, act, request.url.path, facts, request_id=request_id)
    return summary
