"""What the business decides, kept in the books with a typed default for each, and who changed what."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Literal, NamedTuple, get_type_hints

import msgspec
from msgspec import Meta

from makegood.domain.errors import InvalidValue
from makegood.domain.periods import known_zone
from makegood.services.mark_dates import mark_all_dates
from makegood.services.work import Work
from makegood.store.database import Db

Days = Annotated[int, Meta(ge=0, le=3650)]
Hours = Annotated[int, Meta(ge=1, le=2400)]
Seconds = Annotated[int, Meta(ge=10, le=86_400)]
Addresses = Annotated[str, Meta(max_length=2000)]
Count = Annotated[int, Meta(ge=0, le=1_000_000)]
QuietHours = Annotated[int, Meta(ge=0, le=8760)]
Minutes = Annotated[int, Meta(ge=0, le=10080)]


class BusinessSettings(NamedTuple):
    """The settings in force.

    `max_backorder_days`: an order that is short for longer is held for review. `escalate_partial`: also one
    that has a part reserved; `escalation_frees`: what such an order has reserved goes to the queue.
    `supplier_margin_days`: so much later than announced a supply is counted on.
    `alert_holds_per_week`: more orders held within 7 days raise an alert; so do a queue that waits longer than
    `alert_queue_seconds` for its check, and `alert_worker_seconds` without a worker. Those addresses of
    `alert_mail_to`, with commas between, get a mail.
    `webhook_patience_hours`: an endpoint that takes nothing for so long is taken out of service.
    `mail_wait_minutes`: so long after an order became short its customer is told, if it still is;
    `mail_repeat_hours`: at least so long apart are two mails of one kind about one order.
    `delay_notices`: customers are asked before an order misses its day, `delay_notice_days` ahead;
    `unanswered_delay`: what becomes of an order whose customer had to answer and did not: HOLD or CANCEL.
    `consent_days`: so long a customer can answer what else was asked.
    `time_zone`: whose days and months reports count; empty, those of whoever looks at a page, and UTC elsewhere.
    """

    max_backorder_days: Days = 30
    escalate_partial: bool = True
    escalation_frees: bool = False
    supplier_margin_days: Days = 0
    alert_holds_per_week: Count = 5
    alert_queue_seconds: Seconds = 60
    alert_worker_seconds: Seconds = 60
    alert_mail_to: Addresses = ""
    webhook_patience_hours: Hours = 72
    mail_wait_minutes: Minutes = 5
    mail_repeat_hours: QuietHours = 24
    delay_notices: bool = True
    delay_notice_days: Days = 3
    unanswered_delay: Literal["HOLD", "CANCEL"] = "HOLD"
    consent_days: Days = 14
    time_zone: str = ""


class SettingChange(NamedTuple):
    """Who set a business setting from what to what, and when."""

    name: str
    before: object
    after: object
    changed_by: str
    changed_at: datetime


TYPES: dict[str, Any] = get_type_hints(BusinessSettings, include_extras=True)


def business_settings(db: Db) -> BusinessSettings:
    """Read the settings in force; what was never set has its default."""
    return BusinessSettings(**{name: value for name, value in db.all("read_settings") if name in TYPES})


def change_setting(work: Work, name: str, value: object) -> BusinessSettings:
    """Set one business setting, by its name, and give those in force; text is read as the setting's type.

    Raises `InvalidValue` when there is no such setting or the value makes no sense for it.
    """
    if name not in TYPES:
        raise InvalidValue("setting", name, "one of " + ", ".join(TYPES))
    try:
        after = msgspec.convert(value, TYPES[name], strict=False)
    except msgspec.ValidationError as wrong:
        raise InvalidValue(name, value, f"what the setting takes ({wrong})") from wrong
    if name == "alert_mail_to":
        after = _insist_on_addresses(work, after)
    if name == "time_zone" and after:
        known_zone(str(after))
    before = business_settings(work.db)
    if after != getattr(before, name):
        work.db.run(
            "change_setting",
            setting=name,
            before=_json(getattr(before, name)),
            after=_json(after),
            actor=work.actor,
            as_of=work.as_of,
        )
        if name == "supplier_margin_days":
            mark_all_dates(work)
    return before._replace(**{name: after})


def setting_changes(work: Work, *, most: int = 100) -> Sequence[SettingChange]:
    """List who changed which setting from what to what, the latest first."""
    return work.db.records(SettingChange, "setting_changes", most=most)


def addresses(listed: str) -> list[str]:
    """Give the addresses of a list with commas.

    >>> addresses("ann@shop.example, bob@shop.example,")
    ['ann@shop.example', 'bob@shop.example']
    """
    return [one.strip() for one in listed.split(",") if one.strip()]


def _insist_on_addresses(work: Work, listed: str) -> str:
    for one in addresses(listed):
        if not work.db.value("is_one_address", written=one):  # one batch per turn: a setting holds a few
            raise InvalidValue("alert_mail_to", one, "e-mail addresses with commas between")
    return ", ".join(addresses(listed))


def _json(value: object) -> str:
    """Write a plain value as the text of a jsonb column."""
    return msgspec.json.encode(value).decode()
