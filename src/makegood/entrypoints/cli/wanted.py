"""What is typed on a command line for lines and units: `SKU=UNITS`."""

from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation

import typer

from makegood.domain.orders import NewLine

NUMBER = "The order's number, or id:17 for that id."
WANTED = "What is wanted: SKU=UNITS, with a price SKU=UNITS@PRICE."


def read_units(words: str) -> tuple[str, int]:
    """Give SKU and whole units of `SKU=UNITS`; the SKU may itself hold an equals sign.

    >>> read_units("MUG=5")
    ('MUG', 5)
    """
    sku, found, count = words.rpartition("=")
    if not found or not sku.strip() or not count.strip().isdecimal():
        raise typer.BadParameter(f"{words!r} is not of the form SKU=UNITS, such as MUG=5.")
    return sku.strip(), int(count)


def read_wanted(words: str, currency: str | None = None) -> NewLine:
    """Give a new order line of `SKU=UNITS` or `SKU=UNITS@PRICE`.

    >>> read_wanted("MUG=5@4.50").unit_price
    Decimal('4.50')
    """
    sku, found, rest = words.rpartition("=")
    count, priced, price = rest.partition("@")
    name, quantity = read_units(f"{sku}{found}{count}")
    try:
        unit_price = Decimal(price) if priced else None
    except InvalidOperation as wrong:
        raise typer.BadParameter(f"{price!r} in {words!r} is not a price.") from wrong
    return NewLine(name, quantity, unit_price, currency)


def read_line_units(words: str) -> tuple[int, int]:
    """Give line number and whole units of `LINE=UNITS`.

    >>> read_line_units("2=5")
    (2, 5)
    """
    line, count = read_units(words)
    if not line.isdecimal():
        raise typer.BadParameter(f"{words!r} is not of the form LINE=UNITS, such as 2=5.")
    return int(line), count


def read_placed(words: str) -> tuple[str, int, str]:
    """Give SKU, whole units and place of `SKU=UNITS` or `SKU=UNITS@LOCATION`; no place is empty.

    >>> read_placed("MUG=5@A-01")
    ('MUG', 5, 'A-01')
    """
    sku, found, rest = words.rpartition("=")
    count, _, place = rest.partition("@")
    return *read_units(f"{sku}{found}{count}"), place.strip()


def read_size(words: str) -> tuple[int, int, int]:
    """Give length, width and height in millimetres of `LxWxH`.

    >>> read_size("350x250x150")
    (350, 250, 150)
    """
    parts = words.lower().split("x")
    if len(parts) != 3 or not all(part.strip().isdecimal() and int(part) for part in parts):
        raise typer.BadParameter(f"{words!r} is not of the form LENGTHxWIDTHxHEIGHT, such as 350x250x150.")
    length, width, height = map(int, parts)
    return length, width, height


def read_moment(words: str | None, option: str) -> datetime | None:
    """Give the moment that was typed, in UTC where it names no time zone.

    >>> read_moment("2026-03-02T09:00", "--agreed-at")
    datetime.datetime(2026, 3, 2, 9, 0, tzinfo=datetime.timezone.utc)
    """
    if words is None:
        return None
    try:
        moment = datetime.fromisoformat(words)
    except ValueError as wrong:
        raise typer.BadParameter(f"{words!r} is not a date or time.", param_hint=option) from wrong
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def read_amount(words: str | None, option: str) -> Decimal | None:
    """Give the amount of money that was typed.

    >>> read_amount("20.50", "--min-value")
    Decimal('20.50')
    """
    try:
        amount = Decimal(words) if words is not None else None
    except InvalidOperation:
        amount = Decimal("NaN")
    if amount is not None and not amount.is_finite():
        raise typer.BadParameter(f"{words!r} is not an amount.", param_hint=option)
    return amount
