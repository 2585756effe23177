"""Rows of a JSON document: a list of objects, or an object that has one, such as a shop's order export."""

from collections.abc import Callable, Iterator
from typing import Any

import msgspec

from makegood.domain.errors import UnreadableFile
from makegood.services.files.rows import Problem, SourceRow
from makegood.services.files.shop_orders import ShopOrder, reader_of

# Under these names a document has its list.
LISTS = ("orders", "data", "rows", "items")


def read_document(written: bytes, name: str) -> list[dict[str, Any]]:
    """Give the objects of a document, or raise `UnreadableFile`."""
    try:
        document = msgspec.json.decode(written.removeprefix(b"\xef\xbb\xbf"))
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as wrong:
        raise UnreadableFile(name, f"it is no JSON document: {wrong}") from wrong
    if isinstance(document, dict):
        lists = [document[word] for word in LISTS if isinstance(document.get(word), list)]
        document = lists[0] if lists else [document.get("order", document)]
    if not isinstance(document, list):
        raise UnreadableFile(name, "it has no list of objects")
    return document


def document_rows(objects: list[Any], passed_over: list[int]) -> Iterator[SourceRow]:
    """Give the rows of each object, told by its place in the list; `passed_over` gets the places of orders left
    out.

    An object that is no order of a shop is a row itself, with our own columns.
    """
    for place, told in enumerate(objects, start=1):
        if not isinstance(told, dict):
            problem = Problem(place, "", None, "is not a JSON object", "Write objects, in braces")
            yield SourceRow(place, {"unreadable": str(told)[:200]}, problem)
        elif (read := reader_of(told)) is None:
            yield SourceRow(place, told)
        else:
            yield from _order_rows(place, told, read, passed_over)


def _order_rows(
    place: int, told: dict[str, Any], read: Callable[[], ShopOrder], passed_over: list[int]
) -> Iterator[SourceRow]:
    try:
        order = read()
    except msgspec.ValidationError as wrong:
        number = str(told.get("name") or told.get("number") or "")
        problem = Problem(place, "", number, f"is not an order as the shop writes it: {wrong}", "Export it anew")
        yield SourceRow(place, {"number": number}, problem)
        return
    if order.over:
        passed_over.append(place)
        return
    for cells in order.rows:
        yield SourceRow(place, cells)
