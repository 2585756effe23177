"""/settings/business and /settings/alternatives: what the business decides, and what is sent instead of what."""

from typing import Annotated

from fastapi import APIRouter, Form
from starlette.responses import Response

from makegood.domain.alternatives import AlternativeKind, NewAlternative
from makegood.entrypoints.web.fields import Asked, Tick, Whole, Word
from makegood.entrypoints.web.visit import (
    ChangingHouseAdministrator,
    HouseAdministrator,
    Manager,
    Reader,
)
from makegood.services.alternatives.keep_alternatives import (
    add_alternatives,
    list_alternatives,
    remove_alternative,
)
from makegood.services.business_settings import business_settings, change_setting, setting_changes

router = APIRouter()


# What a setting is called, and what it does.
SETTINGS = {
    "max_backorder_days": ("Longest wait, days", "An order that is short for longer is held for review."),
    "escalate_partial": ("Hold orders that have a part", "Hold for review also what has some of its units."),
    "escalation_frees": (
        "Give away what a held order has",
        "Its units go to the queue when it is held for its age.",
    ),
    "supplier_margin_days": ("Margin for suppliers, days", "Supply is counted on so much later than announced."),
    "alert_holds_per_week": ("Most holds in a week", "More orders put on hold within seven days raise an alert."),
    "alert_queue_seconds": ("Longest wait for a check, seconds", "A queue that waits longer raises an alert."),
    "alert_worker_seconds": ("Longest silence of the workers, seconds", "Longer without one raises an alert."),
    "alert_mail_to": ("Mail alerts to", "Addresses of the staff with commas between; empty: nobody."),
    "webhook_patience_hours": (
        "Patience with receivers, hours",
        "An endpoint that takes nothing for so long is taken out of service.",
    ),
    "mail_wait_minutes": (
        "Wait before telling, minutes",
        "Customers are told so long after an order became short.",
    ),
    "mail_repeat_hours": ("Quiet time, hours", "Mails of one kind about one order are at least so far apart."),
    "delay_notices": ("Ask before an order is late", "Customers can wait or cancel before its day is missed."),
    "delay_notice_days": ("Ask so many days ahead", "So long before its day is missed."),
    "unanswered_delay": (
        "Without an answer",
        "What becomes of an order whose customer had to answer and did not.",
    ),
    "consent_days": ("Time to answer, days", "So long a customer can say yes or no to what else was asked."),
    "time_zone": ("Time zone of reports", "Such as Europe/Berlin; left empty, each reader has their own."),
}


@router.get("/settings/business")
def business(visit: HouseAdministrator) -> Response:
    """Show the settings in force, and who changed which."""
    return visit.show(
        "settings/business.html",
        now=visit.read(lambda work: business_settings(work.db))._asdict(),
        changes=visit.read(setting_changes),
        named=SETTINGS,
    )


@router.post("/settings/business/{name}")
def change(visit: ChangingHouseAdministrator, name: str, value: Word = "") -> Response:
    """Change one setting; the change is on record."""
    visit.do(change_setting, name, value.strip())
    called = SETTINGS.get(name, (name, ""))[0]
    shown = {"true": "yes", "false": "no"}.get(value, value)
    return visit.done(f"{called}: {shown}.", to="/settings/business")


@router.get("/settings/alternatives")
def alternatives(visit: Reader, sku: Asked = None, after: Asked = None) -> Response:
    """List what can be sent instead of what."""
    found = visit.read(list_alternatives, sku=sku, after=after)
    return visit.show("settings/alternatives.html", found=found, kinds=list(AlternativeKind))


@router.post("/settings/alternatives")
def keep_alternative(
    visit: Manager,
    sku: Word,
    substitute: Word,
    kind: Annotated[AlternativeKind, Form()],
    position: Whole = 1,
    units: Whole = 1,
    per: Whole = 1,
    two_way: Tick = False,
    needs_consent: Tick = False,
    merchant: Word = "default",
) -> Response:
    """Say what can be sent instead of a SKU."""
    said = NewAlternative(
        sku.strip(), substitute.strip(), kind, position, units, per, two_way, needs_consent, merchant.strip()
    )
    visit.do(add_alternatives, [said])
    return visit.done(f"{said.substitute} can be sent instead of {said.sku}.", to="/settings/alternatives")


@router.post("/settings/alternatives/remove")
def drop_alternative(visit: Manager, sku: Word, substitute: Word, merchant: Word) -> Response:
    """Say that something is not sent instead of a SKU any more."""
    visit.do(remove_alternative, sku, substitute, merchant=merchant)
    return visit.done(f"{substitute} is not sent instead of {sku} any more.", to="/settings/alternatives")
