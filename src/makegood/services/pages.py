"""Where the next page of a list begins: an opaque text that holds the sort key of the last row."""

import base64
import binascii
import json
from collections.abc import Sequence

from makegood.domain.errors import InvalidValue

MOST = 1000


def cursor_after(*key: object) -> str:
    """Give the cursor for the rows after one with this sort key.

    >>> read_cursor(cursor_after("mug", 7), 2)
    ['mug', 7]
    """
    return base64.urlsafe_b64encode(json.dumps(key).encode()).decode().rstrip("=")


def read_cursor(cursor: str | None, parts: int) -> Sequence[object]:
    """Give the sort key of a cursor, all None for the first page; raises `InvalidValue` for any other text."""
    if cursor is None:
        return [None] * parts
    try:
        key = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, binascii.Error):
        key = None
    if not isinstance(key, list) or len(key) != parts:
        raise InvalidValue("after", cursor, "a cursor that a list has given")
    return key


def insist_on_most(most: int) -> int:
    """Give back how many rows a page may have, or raise `InvalidValue`."""
    if not 1 <= most <= MOST:
        raise InvalidValue("limit", most, f"a number from 1 to {MOST}")
    return most
