"""Files over HTTP: taken in row by row in many small transactions, and written out in one look at the books."""

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from enum import StrEnum
from tempfile import SpooledTemporaryFile, TemporaryFile
from typing import IO, Annotated, NamedTuple, cast

from fastapi import Path, Query
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse

from makegood.domain.errors import UnreadableFile
from makegood.entrypoints.api.bodies import Word
from makegood.entrypoints.lobby.front import MEGABYTE, Front
from makegood.entrypoints.lobby.uploads import Wish, take_file
from makegood.services.export_books import export_books
from makegood.services.files.columns import columns_of
from makegood.services.files.kinds import About, kind_of
from makegood.services.files.rows import Terms
from makegood.services.files.template import template
from makegood.services.files.writing import writing

KEPT_IN_MEMORY = 1 * MEGABYTE
CHUNK = 1 << 16


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


MEDIA = {
    "csv": "text/csv; charset=utf-8",
    "jsonl": "application/x-ndjson",
    "parquet": "application/vnd.apache.parquet",
}
GIVEN = ", ".join(media.partition(";")[0] for media in MEDIA.values())
TAKEN = f"{GIVEN}, application/json, application/gzip, multipart/form-data"
Kind = Annotated[About, Path(description="What the file is about.")]


async def take(
    request: Request,
    kind: Kind,
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
    terms = Terms(create=create, keep_unmatched=keep_unmatched and kind is About.ORDERS)
    wish = Wish(name, terms, dry_run, form, encoding, columns)
    async with _body(request) as stream:
        summary = await run_in_threadpool(take_file, request, kind, stream, wish)
    problems = [RowProblem(*problem.as_json().values()) for problem in summary.problems]  # type: ignore[arg-type]
    return Imported(**{one: getattr(summary, one) for one in Imported._fields} | {"problems": problems})


def empty(kind: Kind) -> Response:
    """Give an empty file of a kind.

    Its headers, and an example row that an import passes over.
    """
    return PlainTextResponse(template(kind_of(kind).entry), media_type="text/csv")


def give(
    request: Request,
    kind: Kind,
    form: Annotated[WrittenForm, Query(alias="format", description="The form of the file.")] = WrittenForm.CSV,
    closed: Annotated[bool, Query(description="Orders that were shipped or cancelled, too.")] = False,
) -> Response:
    """Export the books.

    Orders, stock, variants, locations, returns or supply that is due, as one instant shows them, in a file that an
    import reads back.
    """
    front: Front = request.app.state.front
    file = cast(IO[bytes], TemporaryFile(prefix="makegood-"))  # noqa: SIM115 - it is dropped once it was sent
    with writing(None, list(columns_of(kind_of(kind).entry).values()), stream=file, form=form) as writer:
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


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    """Give a file piece by piece, and drop it."""
    with file:
        file.seek(0)
        while piece := file.read(CHUNK):
            yield piece
