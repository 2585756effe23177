"""Where the next page of a list begins: an opaque text that holds the sort key of the last row."""

import base64
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from makegood.domain.errors import InvalidValue

MOST = 1000
MOST_ID = 2**63 - 1


def cursor_after(*key: object, sort: str | None = None) -> str:
    """Give the cursor for the rows after one with this sort key; `sort` where the list can be sorted otherwise.

    >>> read_cursor(cursor_after("mug", 7), (str, int))
    ['mug', 7]
    """
    told = key if sort is None else (sort, *key)
    return base64.urlsafe_b64encode(json.dumps(told).encode()).decode().rstrip("=")


def read_cursor(cursor: str | None, parts: int | Sequence[type], *, sort: str | None = None) -> Sequence[Any]:
    """Give the sort key of a cursor: so many whole numbers, or a value of each kind; all None for the first page.

    Raises `InvalidValue` for any text that no list can have given, and for a cursor of a list sorted otherwise.
    """
    kinds = [int] * parts if isinstance(parts, int) else parts
    if cursor is None:
        return [None] * len(kinds)
    try:
        key = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if sort is not None:
            said, *key = key
            if said != sort:
                raise InvalidValue("after", cursor, f"a cursor of a list that is sorted by {sort}")
        return [_part(kind, value) for kind, value in zip(kinds, key, strict=True)]
    except (ValueError, TypeError) as wrong:
        raise InvalidValue("after", cursor, "a cursor that a list has given") from wrong


def _part(kind: type, value: Any) -> Any:
    if kind is datetime:
        return datetime.fromisoformat(value)
    whole = not isinstance(value, int) or abs(value) <= MOST_ID
    if type(value) is not kind or not whole or "\0" in str(value):
        raise ValueError(f"{value!r} is not of the kind {kind.__name__}")
    return value


def insist_on_most(most: int) -> int:
    """Give back how many rows a page may have, or raise `InvalidValue`."""
    if not 1 <= most <= MOST:
        raise InvalidValue("limit", most, f"a number from 1 to {MOST}")
    return most
