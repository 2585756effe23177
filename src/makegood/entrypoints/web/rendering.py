"""Turns facts into HTML: one environment for all templates, with words, numbers and times as people read them."""

import hashlib
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Protocol
from urllib.parse import quote, urlencode

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from makegood.domain.alerts import lasting
from makegood.services.accounts.secret import draw_secret

ASSETS = files("makegood.entrypoints.web") / "assets"
VENDOR = files("makegood.entrypoints.web") / "vendor"

# What a status looks like: the classes of `.badge` in makegood.css.
LOOKS: Mapping[str, str] = {
    "ALLOCATED": "good",
    "FULFILLED": "good",
    "SENT": "good",
    "READY_TO_PICK": "accent",
    "READY_TO_SHIP": "accent",
    "PICKING": "accent",
    "PICKED": "accent",
    "PACKING": "accent",
    "PACKED": "accent",
    "RUNNING": "accent",
    "CONFIRMED": "accent",
    "PARTIALLY_ALLOCATED": "warn",
    "PARTIALLY_FULFILLED": "warn",
    "BACKORDERED": "bad",
    "FAILED": "bad",
    "BOUNCED": "bad",
    "ON_HOLD": "held",
    "EXPRESS": "bad",
    "CRITICAL": "bad",
    "RUSH": "warn",
    "HIGH": "warn",
}


class Named(Protocol):
    """An order with its number and merchant."""

    @property
    def merchant(self) -> str:
        """The code of its merchant."""

    @property
    def number(self) -> str:
        """Its number."""


def render(template: str, **facts: object) -> str:
    """Give a template filled with facts; a fact that it asks for and does not get is an error."""
    return environment().get_template(template).render(facts)


@cache
def environment() -> Environment:
    """Give the one environment: everything is escaped, nothing is left undefined."""
    made = Environment(
        loader=PackageLoader("makegood.entrypoints.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {
        "said": said,
        "units": units,
        "moment": moment,
        "day": day,
        "look": look,
        "order_path": order_path,
        "counted": counted,
        "noun": noun,
        "lasting": lasting,
        "urlencode": urlencoded,
    }
    made.globals |= {"asset": asset, "link": link, "new_key": draw_secret}
    return made


@cache
def asset(name: str) -> str:
    """Give the address of a file of ours or of the vendors; it changes when the file does.

    >>> asset("makegood.css").startswith("/assets/makegood.css?v=")
    True
    """
    found = found_asset(name)
    version = hashlib.sha256(found.read_bytes()).hexdigest()[:12] if found else "missing"
    return f"/assets/{name}?v={version}"


def found_asset(name: str) -> Traversable | None:
    """Give a file of ours or of the vendors by its plain name."""
    known = (file for place in (ASSETS, VENDOR) if place.is_dir() for file in place.iterdir())
    return next((file for file in known if file.name == name and file.is_file()), None)


def link(path: str, /, *given: Mapping[str, object], **parameters: object) -> str:
    """Give an address with these parameters, later ones over earlier ones, without those that are empty.

    >>> link("/orders", {"sku": "MUG", "after": "x"}, after=None, status=["ON_HOLD"])
    '/orders?sku=MUG&status=ON_HOLD'
    """
    asked: dict[str, object] = {}
    for one in (*given, parameters):
        asked |= one
    kept = {name: value for name, value in asked.items() if value not in (None, "", False, (), [])}
    told = urlencode({name: "1" if value is True else value for name, value in kept.items()}, doseq=True)
    return f"{path}?{told}" if told else path


def order_path(order: Named) -> str:
    """Give the address of an order: by its number, and by its merchant where several may have it.

    >>> from types import SimpleNamespace as Order
    >>> order_path(Order(merchant="default", number="1001")), order_path(Order(merchant="acme", number="SO/1"))
    ('/orders/1001', '/orders/acme/SO%2F1')
    """
    alone = order.merchant == "default" and "/" not in order.number
    return "/orders/" + ("" if alone else urlencoded(order.merchant) + "/") + urlencoded(order.number)


def urlencoded(name: object) -> str:
    """Give a name as it stands in an address; a slash in it does not separate.

    >>> urlencoded("X/alternatives")
    'X%2Falternatives'
    """
    return quote(str(name), safe="")


def said(word: object) -> str:
    """Give a status or kind as a person says it.

    >>> said("PARTIALLY_ALLOCATED")
    'partially allocated'
    """
    return str(word).replace("_", " ").lower()


def look(word: object) -> str:
    """Give how a status looks.

    >>> look("BACKORDERED"), look("CANCELLED")
    ('bad', '')
    """
    return LOOKS.get(str(word), "")


def units(number: int | float) -> str:
    """Give a number as it stands in a table.

    >>> units(12400)
    '12,400'
    """
    return f"{number:,}"


def counted(number: int, thing: str, several: str = "") -> str:
    """Give a number with its noun.

    >>> counted(1, "order"), counted(1200, "order"), counted(2, "box", "boxes"), counted(0, "delivery")
    ('1 order', '1,200 orders', '2 boxes', '0 deliveries')
    """
    return f"{number:,} {noun(number, thing, several)}"


def noun(number: int, thing: str, several: str = "") -> str:
    """Give the noun that stands beside a number.

    >>> noun(1, "backorder"), noun(2, "delivery"), noun(2, "day")
    ('backorder', 'deliveries', 'days')
    """
    return thing if number == 1 else several or re.sub("(?<=[^aeiou])y$", "ie", thing) + "s"


def moment(at: datetime | None, shown: str = "time") -> Markup:
    """Give a moment in UTC; a script shows it in the reader's zone, as a time or as a `day`, exact on hover.

    >>> print(moment(datetime(2026, 3, 2, 9, tzinfo=UTC)))  # doctest: +ELLIPSIS
    <time datetime="2026-03-02T09:00:00Z" ...>2 Mar 2026, 09:00 UTC</time>
    """
    if at is None:
        return Markup("")
    here = at.astimezone(UTC)
    words = f"{here.day} {here:%b %Y}" + (f", {here:%H:%M} UTC" if shown == "time" else "")
    return Markup('<time datetime="{}" data-as="{}" title="{}">{}</time>').format(
        f"{here:%Y-%m-%dT%H:%M:%SZ}", shown, f"{here:%Y-%m-%d %H:%M:%S} UTC", words
    )


def day(on: date | None) -> Markup:
    """Give a date, which is the same day in every zone.

    >>> print(day(date(2026, 3, 2)))
    <time datetime="2026-03-02">2 Mar 2026</time>
    """
    return Markup('<time datetime="{}">{} {}</time>').format(on, on.day, f"{on:%b %Y}") if on else Markup("")
