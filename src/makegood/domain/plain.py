"""Records as the plain values that every door tells programs: one spelling of names, times and money."""

from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from enum import Enum
from typing import Any


def as_plain(value: object) -> Any:
    """Give a record as plain values that JSON can hold: names in snake_case, times in UTC, money as text.

    >>> as_plain({"at": datetime(2026, 3, 2, 9, tzinfo=UTC), "days": (date(2026, 3, 2),)})
    {'at': '2026-03-02T09:00:00Z', 'days': ['2026-03-02']}
    """
    if isinstance(value, Enum):
        return value.value
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    return _whole(value)


def _whole(value: object) -> Any:
    if isinstance(value, tuple) and hasattr(value, "_asdict"):
        value = value._asdict()
    if is_dataclass(value):
        value = {field.name: getattr(value, field.name) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): as_plain(each) for key, each in value.items()}
    if isinstance(value, Iterable):
        return [as_plain(each) for each in value]
    return str(value)
