"""What can stand in a cell, each kind with its own reading and with the sentence that says what is expected."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

CENTS = Decimal("0.0001")
DEAREST = Decimal(10**10)
WORDS_OF_FLAGS = {
    "true": True,
    "yes": True,
    "y": True,
    "1": True,
    "false": False,
    "no": False,
    "n": False,
    "0": False,
}


def as_text(value: object) -> object:
    """Read a text without the blanks around it; a whole number counts as its digits.

    >>> as_text(" MUG "), as_text(1001)
    ('MUG', '1001')
    """
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    raise ValueError


def as_number(value: object) -> object:
    """Read a whole number; spreadsheets write `5.0` for 5."""
    return value.strip() if isinstance(value, str) else value


def as_choice(value: object) -> object:
    """Read one of several words, in any case."""
    return str(as_text(value)).upper()


def as_instant(value: object) -> object:
    """Read an instant; without an offset it is UTC, without a time the day begins.

    >>> as_instant("2026-03-02 09:00").isoformat()
    '2026-03-02T09:00:00+00:00'
    """
    if isinstance(value, date) and not isinstance(value, datetime):
        value = datetime(value.year, value.month, value.day)  # noqa: DTZ001 the offset follows
    found = value if isinstance(value, datetime) else datetime.fromisoformat(str(as_text(value)))
    if not 1970 <= found.year <= 2999:
        raise ValueError
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


def as_day(value: object) -> object:
    """Read a day; an instant counts as its day."""
    if isinstance(value, datetime):
        return value.date()
    found = value if isinstance(value, date) else date.fromisoformat(str(as_text(value)))
    if found.year < 1970:
        raise ValueError
    return found


def as_price(value: object) -> object:
    """Read an amount of money, to the hundredth of a cent.

    >>> as_price("2.5")
    Decimal('2.5000')
    """
    if isinstance(value, bool):
        raise ValueError
    try:
        amount = Decimal(str(value).strip())
    except InvalidOperation as wrong:
        raise ValueError from wrong
    if not amount.is_finite() or not 0 <= amount < DEAREST:
        raise ValueError
    return amount.quantize(CENTS, ROUND_HALF_UP)


def as_flag(value: object) -> object:
    """Read yes or no, in several spellings."""
    if isinstance(value, bool):
        return value
    found = WORDS_OF_FLAGS.get(str(as_text(value)).lower())
    if found is None:
        raise ValueError
    return found


def as_codes(value: object) -> object:
    """Read several codes: parted by `|`, or as a list.

    >>> as_codes("A1 | A2"), as_codes('["A|1"]')
    (['A1', 'A2'], ['A|1'])
    """
    if isinstance(value, str) and value.strip().startswith("["):
        value = msgspec.json.decode(value)
    found = value if isinstance(value, list | tuple) else re.split(r"\|", str(as_text(value)))
    return [code for one in found if (code := as_text(one))]


def cell(reading: Callable[[object], object], expected: str, **limits: Any) -> Meta:
    """Describe a kind of cell: how it is read, what is expected, and msgspec's limits."""
    return Meta(description=expected, extra={"reading": reading}, **limits)


# Neither controls nor halves of a surrogate pair, which PostgreSQL cannot keep.
ONE_LINE = r"^[^\x00-\x1f\x7f\ud800-\udfff]*$"
STORABLE = r"^[^\x00\ud800-\udfff]*$"
CODE_LENGTH = 200

Code = Annotated[
    str,
    cell(as_text, "a text of one line and at most 200 characters", max_length=CODE_LENGTH, pattern=ONE_LINE),
]
Text = Annotated[str, cell(as_text, "a text of at most 1,000 characters", max_length=1000, pattern=STORABLE)]
Wanted = Annotated[int, cell(as_number, "a whole number from 1 to 1,000,000,000", ge=1, le=10**9)]
Returned = Annotated[int, cell(as_number, "a whole number from 1 to 1,000,000", ge=1, le=10**6)]
OnHand = Annotated[int, cell(as_number, "a whole number from 0 to 1,000,000,000", ge=0, le=10**9)]
Whole = Annotated[int, Meta(ge=-(2**31), lt=2**31)]
AboveZero = Annotated[int, Meta(gt=0, lt=2**31)]
UpToACentury = Annotated[int, Meta(ge=0, le=36500)]
PickSequence = Annotated[Whole | None, cell(as_number, "a whole number")]
Size = Annotated[AboveZero | None, cell(as_number, "a whole number above zero")]
Days = Annotated[UpToACentury | None, cell(as_number, "a whole number of days, from 0 to 36,500")]
Instant = Annotated[datetime | None, cell(as_instant, "an instant such as 2026-03-02T09:00:00Z")]
Day = Annotated[date | None, cell(as_day, "a day such as 2026-03-31")]
Price = Annotated[Decimal | None, cell(as_price, "an amount such as 12.50, with a decimal point")]
Flag = Annotated[bool | None, cell(as_flag, "yes or no")]
Codes = Annotated[tuple[Code, ...], cell(as_codes, "codes parted by |, each of one line")]
Priority = Annotated[
    Literal["STANDARD", "RUSH", "EXPRESS", "NORMAL", "HIGH", "CRITICAL", "LOW"],
    cell(as_choice, "EXPRESS (or CRITICAL), RUSH (or HIGH), STANDARD (or NORMAL) or LOW"),
]
LinePriority = Annotated[
    Literal["", "STANDARD", "RUSH", "EXPRESS", "NORMAL", "HIGH", "CRITICAL", "LOW"],
    cell(as_choice, "CRITICAL, HIGH, NORMAL or LOW, or nothing for the order's own"),
]
ShipPolicy = Annotated[
    Literal["PARTIAL", "COMPLETE_LINES", "COMPLETE"],
    cell(as_choice, "PARTIAL, COMPLETE_LINES or COMPLETE"),
]
WhenShort = Annotated[Literal["SKIP", "RESERVE"], cell(as_choice, "skip or reserve")]
LocationType = Annotated[
    Literal["", "RECEIVING", "STORAGE", "PICKING", "PACKING", "SHIPPING", "RETURNS", "QUARANTINE", "GENERAL"],
    cell(
        as_choice,
        "one of RECEIVING, STORAGE, PICKING, PACKING, SHIPPING, RETURNS, QUARANTINE, GENERAL",
    ),
]
Status = Annotated[
    Literal["AVAILABLE", "DAMAGED", "QUARANTINE"],
    cell(as_choice, "AVAILABLE, DAMAGED or QUARANTINE"),
]
InboundKind = Annotated[
    Literal["PURCHASE_ORDER", "TRANSFER", "PRODUCTION"],
    cell(as_choice, "PURCHASE_ORDER, TRANSFER or PRODUCTION"),
]
LineNumber = Annotated[int, cell(as_number, "a whole number from 1 to 1,000,000", ge=1, le=10**6)]
