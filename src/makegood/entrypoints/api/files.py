"""Files over HTTP: taken in row by row in many small transactions, and written out in one look at the books."""

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from enum import StrEnum
from importlib import import_module
from tempfile import SpooledTemporaryFile, TemporaryFile
from typing import IO, Annotated, Any, NamedTuple, cast

from fastapi import Path, Query
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse

from makegood.domain.errors import UnreadableFile
from makegood.entrypoints.api.bodies import Word
from makegood.entrypoints.lobby.front import MEGABYTE, Front
from makegood.services.accounts.audit import audit
from makegood.services.export_books import export_books
from makegood.services.files.columns import Columns, columns_of, read_columns
from makegood.services.files.importing import Import, Kind, Summary
from makegood.services.files.rows import Terms
from makegood.services.files.source import opened
from makegood.services.files.template import template
from makegood.services.files.writing import writing

# More than that belongs to `makegood import`, which reads a file of any size.
MOST_BODY = 64 * MEGABYTE
KEPT_IN_MEMORY = 1 * MEGABYTE
CHUNK = 1 << 16


class KindName(StrEnum):
    """What a file is about."""

    ORDERS = "orders"
    STOCK = "stock"
    VARIANTS = "variants"
    LOCATIONS = "locations"
    RETURNS = "returns"
    INBOUND = "inbound"


class ReadForm(StrEnum):
    """The forms in which a file is read."""

    CSV = "csv"
    JSONL = "jsonl"
    JSON = "json"
    PARQUET = "parquet"


class WrittenForm(StrEnum):
    """The forms in which a file is written."""

    CSV = "csv"
    JSONL = "jsonl"
    PARQUET = "parquet"


class RowProblem(NamedTuple):
    """What is wrong with a row: its line, the field, the value as text, why, and what to do about it."""

    line: int
    field: str
    value: str | None
    because: str
    remedy: str


class Imported(NamedTuple):
    """What an import came to, in rows; `things` counts the orders, returns … that landed.

    `problems` are the first thousand, `problems_left_out` the number of the others. `passed_over` counts orders
    of a shop that nobody waits for.
    """

    kind: str
    file: str
    read: int
    landed: int
    unchanged: int
    bad: int
    things: int
    passed_over: int
    dry_run: bool
    ignored_columns: Sequence[str]
    problems: Sequence[RowProblem]
    problems_left_out: int


class Wish(NamedTuple):
    """How a file is to be taken."""

    name: str
    form: str | None
    encoding: str | None
    columns: Sequence[str]
    terms: Terms
    dry_run: bool


MEDIA = {
    "csv": "text/csv; charset=utf-8",
    "jsonl": "application/x-ndjson",
    "parquet": "application/vnd.apache.parquet",
}
GIVEN = ", ".join(media.partition(";")[0] for media in MEDIA.values())
TAKEN = f"{GIVEN}, application/json, application/gzip, multipart/form-data"
About = Annotated[KindName, Path(description="What the file is about.")]


async def take(
    request: Request,
    kind: About,
    name: Annotated[Word, Query(description="Names the import in the ledger.")] = "upload",
    form: Annotated[
        ReadForm | None, Query(alias="format", description="Else it is told from how it begins.")
    ] = None,
    encoding: Annotated[Word | None, Query(description="Else UTF-8.", examples=[None])] = None,
    columns: Annotated[
        list[Word], Query(description="Headers of yours: `column=YourHeader`.", examples=[[]])
    ] = [],  # noqa: B006 - FastAPI copies it
    create: Annotated[
        bool, Query(description="Add merchants, warehouses, locations, variants that are unknown.")
    ] = False,
    keep_unmatched: Annotated[
        bool, Query(alias="keepUnmatched", description="Place orders with unknown SKUs too; they are held.")
    ] = False,
    dry_run: Annotated[bool, Query(alias="dryRun", description="Check everything and write nothing.")] = False,
) -> Imported:
    """Import a file.

    As the body, or as the part `file` of a form: CSV, JSON Lines, a JSON document, or Parquet, plain or gzipped;
    for orders also the order JSON of Shopify and WooCommerce. Good rows land, bad ones are told with line, field
    and remedy; the same file again changes nothing.
    """
    terms = Terms(create=create, keep_unmatched=keep_unmatched and kind is KindName.ORDERS)
    wish = Wish(name, form, encoding, columns, terms, dry_run)
    async with _body(request) as stream:
        summary = await run_in_threadpool(_take, request, kind, stream, wish)
    problems = [RowProblem(*problem.as_json().values()) for problem in summary.problems]  # type: ignore[arg-type]
    return Imported(**{one: getattr(summary, one) for one in Imported._fields} | {"problems": problems})


def empty(kind: About) -> Response:
    """Give an empty file of a kind.

    Its headers, and an example row that an import passes over.
    """
    return PlainTextResponse(template(_kind(kind).entry), media_type="text/csv")


def give(
    request: Request,
    kind: About,
    form: Annotated[WrittenForm, Query(alias="format", description="The form of the file.")] = WrittenForm.CSV,
    closed: Annotated[bool, Query(description="Orders that were shipped or cancelled, too.")] = False,
) -> Response:
    """Export the books.

    Orders, stock, variants, locations, returns or supply that is due, as one instant shows them, in a file that an
    import reads back.
    """
    front: Front = request.app.state.front
    file = cast(IO[bytes], TemporaryFile(prefix="makegood-"))  # noqa: SIM115 - it is dropped once it was sent
    with writing(None, list(columns_of(_kind(kind).entry).values()), stream=file, form=form) as writer:
        desk = front.desk_of(request.state.caller)
        desk.read(export_books, kind.value, writer.write_all, closed=closed)
    named = {"Content-Disposition": f'attachment; filename="{kind}.{form}"'}
    return StreamingResponse(_pieces(file), headers=named, media_type=MEDIA[form])


@asynccontextmanager
async def _body(request: Request) -> AsyncIterator[IO[bytes]]:
    """Give what came as a stream that can be read from its start: a part of a form, or the body."""
    if request.headers.get("content-type", "").startswith("multipart/form-data"):
        async with request.form(max_files=1, max_fields=10) as parts:
            file = next((part for part in parts.values() if isinstance(part, UploadFile)), None)
            if file is None:
                raise UnreadableFile("upload", "the form has no file")
            yield file.file
        return
    with SpooledTemporaryFile(KEPT_IN_MEMORY, prefix="makegood-") as kept:
        async for piece in request.stream():
            await run_in_threadpool(kept.write, piece)
        kept.seek(0)
        yield cast(IO[bytes], kept)


def _take(request: Request, kind: KindName, stream: IO[bytes], wish: Wish) -> Summary:
    """Take a stream batch by batch, each in a transaction of its own, and put on record that it was taken."""
    front: Front = request.app.state.front
    caller = request.state.caller
    about = _kind(kind)
    desk = front.house.at(front.clock(), caller.name, f"import:{wish.name}", caller.merchants)
    wanted = Columns(about.entry, read_columns(wish.columns))
    with opened(None, recognised=wanted.knows, stream=stream, form=wish.form, encoding=wish.encoding) as source:
        if source.headers is not None:
            wanted.insist(wish.name, source.headers)
        summary = Import(desk, about, terms=wish.terms, dry_run=wish.dry_run).take(wish.name, source.rows, wanted)
    summary.passed_over = len(source.passed_over)
    facts: dict[str, object] = {"kind": kind.value, "landed": summary.landed, "bad": summary.bad}
    if not wish.dry_run:
        request_id = request.scope.get("request_id")
        desk(audit, "POST /imports/{kind}", request.url.path, facts, request_id=request_id)
    return summary


def _kind(kind: KindName) -> Kind[Any]:
    found: Kind[Any] = import_module(f"makegood.services.import_{kind.value}").KIND
    return found


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    """Give a file piece by piece, and drop it."""
    with file:
        file.seek(0)
        while piece := file.read(CHUNK):
            yield piece
