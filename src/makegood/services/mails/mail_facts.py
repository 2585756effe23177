"""What a mail says: the facts of an order as it stands when the mail is sent, or that there is nothing to tell."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from makegood.domain.mails import ALWAYS_TOLD, Facts, MailKind
from makegood.domain.states import EDITABLE, OrderStatus
from makegood.services.show_order import LineSheet, lines_of, summaries
from makegood.services.work import Work


class Silent(NamedTuple):
    """There is nothing to tell, and why."""

    because: str


def mail_facts(work: Work, mail_id: int, kind: MailKind, order_id: int, sender_name: str) -> Facts | Silent:
    """Give what a mail about an order says now, or why it is not sent."""
    facts = order_facts(work, order_id, sender_name)
    last = work.db.value("last_told", order=order_id) or {}
    facts |= {"before": last.get("expected")}
    if silent := _nothing_to_tell(work, kind, order_id, facts, last):
        return silent
    if kind is MailKind.ORDER_SPLIT:
        part = work.db.value("part_split_off", mail=mail_id)
        later = order_facts(work, int(part), sender_name) if part else {"lines": []}
        if not later["lines"]:
            return Silent("the part that was split off is no more")
        facts |= {"later": {name: later[name] for name in ("order", "expected", "lines")}}
    if kind is MailKind.ORDER_DIVIDED:
        parts = _parts(work, mail_id)
        if not parts:
            return Silent("the parts that others were to send are no more")
        facts |= {"parts": parts}
    return facts


def _parts(work: Work, mail_id: int) -> list[dict[str, object]]:
    """Give the parts that the event of a mail made, as far as something of them still comes."""
    made = [row[0] for row in work.db.all("parts_made", mail=mail_id)]
    lines = lines_of(work, made)
    told = [(one.number, [_line(line) for line in _wanted(lines, one.order_id)]) for one in summaries(work, made)]
    return [{"order": number, "lines": its} for number, its in sorted(told) if its]


def _wanted(lines: Mapping[int, Sequence[LineSheet]], order_id: int) -> list[LineSheet]:
    return [line for line in lines.get(order_id, []) if line.quantity > line.cancelled]


def order_facts(work: Work, order_id: int, sender_name: str) -> dict[str, object]:
    """Give the facts of an order that every mail to its customer has, but for the links."""
    order = summaries(work, [order_id])[0]
    lines = _wanted(lines_of(work, [order_id]), order_id)
    return {
        "shop": work.db.value("name_of_merchant", order=order_id) or sender_name,
        "order": order.number,
        "customer": order.customer_name,
        "lines": [_line(line) for line in lines],
        "ready": sum(line.allocated for line in lines),
        "short": order.short,
        "expected": _written(expected_day(lines)),
        # Before it is picked an order can still have to wait.
        "open": OrderStatus(order.status) in EDITABLE,
    }


def expected_day(lines: Sequence[LineSheet]) -> date | None:
    """Give the day on which all that is lacking is expected; None while that is not known of all of it."""
    days = [line.expected_date for line in lines if line.short]
    known = [day for day in days if day is not None]
    return max(known) if known and len(known) == len(days) else None


def _line(line: LineSheet) -> dict[str, object]:
    return {
        "sku": line.sku or line.sku_text.strip(),
        "name": line.name,
        "ordered": line.quantity - line.cancelled,
        "ready": line.allocated,
        "gone": line.fulfilled,
        "short": line.short,
        "expected": _written(line.expected_date) if line.short else None,
    }


def _nothing_to_tell(work: Work, kind: MailKind, order_id: int, facts: Facts, last: Facts) -> Silent | None:
    if not facts["open"]:
        return Silent("the order has gone on, or was cancelled")
    if kind is MailKind.BACKORDER_RESOLVED:
        told, queued = work.db.one("told_of_waiting", order=order_id) or (0, 0)
        if facts["short"]:
            return Silent("something is lacking again")
        return Silent("the customer was not told that it waits") if queued and not told else None
    if kind in (MailKind.ORDER_SPLIT, MailKind.ORDER_DIVIDED):
        return None
    if not facts["short"]:
        return Silent("nothing is lacking any more")
    if kind in ALWAYS_TOLD:
        return None
    same = [facts["expected"]] == [last.get("expected")] and (
        kind is MailKind.EXPECTED_DATE_CHANGED or facts["short"] == last.get("short")
    )
    return Silent("the customer was told so already") if last and same else None


def _written(day: date | None) -> str | None:
    return day.isoformat() if day else None
