"""Endpoints of webhooks: who is told of what, with a secret that is shown once, changed with an overlap."""

import base64
import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from makegood.domain.errors import EndpointNotFound, InvalidValue
from makegood.domain.webhooks import MESSAGE_TYPES
from makegood.services.accounts.audit import audit
from makegood.services.accounts.merchants import merchant_codes, merchants_named
from makegood.services.outbox.read_on import begin_at_the_end
from makegood.services.webhooks.derive import SEND_WEBHOOKS, WEBHOOKS, any_in_service
from makegood.services.work import Work

PREFIX = "whsec_"
SECRET_BYTES = 32
# After a rotation the secret before signs as well for so many hours.
OVERLAP_HOURS, MOST_HOURS = 24, 24 * 30
LONGEST_URL = 2000


class EndpointSheet(NamedTuple):
    """An endpoint as a list shows it: never the secret. None of types or merchants means all.

    `disabled_because` says why the house took it out of service. `waiting` messages are still to be delivered,
    `failed` ones were given up.
    """

    endpoint: int
    url: str
    note: str
    types: Sequence[str] | None
    merchants: Sequence[str] | None
    active: bool
    disabled_because: str | None
    failures: int
    failing_since: datetime | None
    secret_before_until: datetime | None
    made_by: str
    made_at: datetime
    waiting: int
    failed: int


class NewEndpoint(NamedTuple):
    """An endpoint with a secret that was just drawn; it is shown this once."""

    endpoint: EndpointSheet
    secret: str


class EndpointChange(NamedTuple):
    """What is to change of an endpoint; None stays. An empty list means all types, or all merchants."""

    url: str | None = None
    note: str | None = None
    types: Sequence[str] | None = None
    merchants: Sequence[str] | None = None


def add_endpoint(
    work: Work, url: str, *, note: str = "", types: Sequence[str] = (), merchants: Sequence[str] | None = None
) -> NewEndpoint:
    """Tell somebody from now on of what happens, and give the secret that signs it.

    Raises `InvalidValue`, `MerchantNotFound`.
    """
    _begin_reading(work)
    secret = _draw()
    endpoint = work.db.value(
        "add_endpoint",
        url=_insist_on_url(url),
        note=note,
        types=_kinds(types),
        limited=merchants_named(work, merchants),
        secret=secret,
        made_by=work.actor,
        as_of=work.as_of,
    )
    audit(work, "webhook:added", str(endpoint), {"url": url, "types": list(types), "merchants": merchants})
    return NewEndpoint(show_endpoint(work, endpoint), secret)


def list_endpoints(work: Work) -> list[EndpointSheet]:
    """Give all endpoints, the oldest first."""
    return _sheets(work, None)


def show_endpoint(work: Work, endpoint: int) -> EndpointSheet:
    """Give one endpoint, or raise `EndpointNotFound`."""
    found = _sheets(work, endpoint)
    if not found:
        raise EndpointNotFound(endpoint)
    return found[0]


def edit_endpoint(work: Work, endpoint: int, change: EndpointChange) -> EndpointSheet:
    """Change where messages go, which, and of whom.

    Raises `EndpointNotFound`, `InvalidValue`, `MerchantNotFound`.
    """
    columns: dict[str, Any] = work.db.value("endpoint_columns", endpoint=_seen(work, endpoint))
    if change.url is not None:
        columns["url"] = _insist_on_url(change.url)
    if change.note is not None:
        columns["note"] = change.note
    if change.types is not None:
        columns["types"] = _kinds(change.types)
    if change.merchants is not None:
        columns["merchants"] = merchants_named(work, change.merchants or None)
    columns["limited"] = columns.pop("merchants")
    work.db.run_expecting(1, "edit_endpoint", endpoint=endpoint, **columns)
    told = {name: value for name, value in change._asdict().items() if value is not None}
    audit(work, "webhook:edited", str(endpoint), told)
    return show_endpoint(work, endpoint)


def rotate_secret(work: Work, endpoint: int, *, overlap_hours: int = OVERLAP_HOURS) -> NewEndpoint:
    """Draw a new secret; the one before signs as well for some hours, so that the receiver can change over."""
    if not 0 <= overlap_hours <= MOST_HOURS:
        raise InvalidValue("overlap_hours", overlap_hours, f"a number from 0 to {MOST_HOURS}")
    secret = _draw()
    work.db.run_expecting(1, "rotate_secret", endpoint=_seen(work, endpoint), secret=secret, hours=overlap_hours)
    audit(work, "webhook:rotated", str(endpoint), {"overlap_hours": overlap_hours})
    return NewEndpoint(show_endpoint(work, endpoint), secret)


def enable_endpoint(work: Work, endpoint: int) -> EndpointSheet:
    """Put an endpoint into service again; what still waits for it is tried at once."""
    _begin_reading(work)
    work.db.run("enable_endpoint", endpoint=_seen(work, endpoint))
    if work.db.run("deliver_at_once", endpoint=endpoint):
        work.wake(SEND_WEBHOOKS)
    audit(work, "webhook:enabled", str(endpoint))
    return show_endpoint(work, endpoint)


def disable_endpoint(work: Work, endpoint: int) -> EndpointSheet:
    """Take an endpoint out of service: nothing is sent to it, and what happens meanwhile is not kept for it."""
    work.db.run("disable_endpoint", endpoint=_seen(work, endpoint))
    audit(work, "webhook:disabled", str(endpoint))
    return show_endpoint(work, endpoint)


def remove_endpoint(work: Work, endpoint: int) -> EndpointSheet:
    """Remove an endpoint with its secret and the log of its deliveries, and give what it was."""
    found = show_endpoint(work, endpoint)
    work.db.run("remove_endpoint", endpoint=endpoint)
    audit(work, "webhook:removed", str(endpoint), {"url": found.url})
    return found


def _begin_reading(work: Work) -> None:
    """Where nobody was told so far, let the reader go on from now: what happened meanwhile is for nobody."""
    if not any_in_service(work):
        begin_at_the_end(work, WEBHOOKS)


def _seen(work: Work, endpoint: int) -> int:
    """Give back the number of an endpoint that whoever asks may see, or raise `EndpointNotFound`."""
    return show_endpoint(work, endpoint).endpoint


def _sheets(work: Work, endpoint: int | None) -> list[EndpointSheet]:
    rows = work.db.records(EndpointSheet, "endpoints", endpoint=endpoint)
    codes = merchant_codes(work)
    return [row._replace(merchants=codes(row.merchants)) for row in rows]


def _draw() -> str:
    return PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def _insist_on_url(url: str) -> str:
    """Refuse what cannot be an address of a receiver; where it leads is looked at each time something is sent."""
    wanted = "an http or https address without a name or password in it"
    try:
        parts = urlsplit(url)
        fits = parts.scheme in ("http", "https") and parts.hostname and parts.username is None and parts.port != 0
    except ValueError as wrong:
        raise InvalidValue("url", url, wanted) from wrong
    if not fits or len(url) > LONGEST_URL or not url.isprintable() or " " in url:
        raise InvalidValue("url", url, wanted)
    return url


def _kinds(types: Sequence[str]) -> list[str] | None:
    """Give types as messages spell them, None for all; raises `InvalidValue` for one that there is not."""
    named = sorted({one.strip().lower().replace(":", ".") for one in types})
    for one in named:
        if one not in MESSAGE_TYPES:
            raise InvalidValue("type", one, "a type of message, such as " + ", ".join(sorted(MESSAGE_TYPES)))
    return named or None
