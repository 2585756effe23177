"""How supply that is due looks: in a list, whole, and before and after something is done to it."""

from collections.abc import Callable, Sequence
from typing import Concatenate, ParamSpec, TypeVar

import typer

from makegood.domain.plain import as_plain
from makegood.entrypoints.cli.counter import opened, tell_next
from makegood.entrypoints.cli.output import (
    Column,
    Status,
    counted,
    day,
    minute,
    put,
    put_facts,
    put_json,
    put_table,
    said,
    talk,
    text,
    units,
)
from makegood.services.inbound.list_inbound import InboundPage
from makegood.services.inbound.records import InboundSheet
from makegood.services.inbound.show_inbound import InboundStory
from makegood.services.inbound.suppliers import SupplierSheet
from makegood.services.receive_inbound import InboundReceived
from makegood.services.work import Work

P = ParamSpec("P")
T = TypeVar("T")

PREVIEW = "Nothing was done: this is what it would come to. Add --apply to do it."


def done_or_shown(
    ctx: typer.Context,
    apply: bool,
    json: bool,
    told: Callable[[T], object],
    use_case: Callable[Concatenate[Work, P], T],
    *args: P.args,
    **named: P.kwargs,
) -> T | None:
    """Do a use-case, or without `apply` see what it would come to; None when a program was told it."""
    with opened(ctx) as books:
        made = (books.change if apply else books.preview)(use_case, *args, **named)
    if json:
        put_json(told(made) if apply else {"would_do": as_plain(told(made))})
        return None
    if not apply:
        talk(PREVIEW)
    return made


def put_change(
    ctx: typer.Context,
    apply: bool,
    json: bool,
    use_case: Callable[Concatenate[Work, P], InboundSheet],
    *args: P.args,
    **named: P.kwargs,
) -> None:
    """Do a use-case on an inbound line, or without `apply` only show what it would come to."""
    sheet = done_or_shown(ctx, apply, json, InboundSheet.as_told, use_case, *args, **named)
    if sheet:
        put(f"Inbound line {sheet.name} {'is' if apply else 'would be'} {said(sheet.status)}: {_sum(sheet)}.")
        put("")
        put_sheet(sheet)


def put_page(page: InboundPage) -> None:
    """Print a page of inbound lines."""
    if not page.inbound:
        talk("No inbound line passes these filters. Those that have come are listed with --status received.")
        return
    put_lines(page.inbound)
    tell_next(page.next, "inbound list …")


def put_lines(lines: Sequence[InboundSheet]) -> None:
    """Print inbound lines as a table."""
    put_table(
        [Column("Inbound"), Column("Kind"), Column("SKU"), Column("Status"), Column("Due"),
         Column("Late", spare=True), units("Announced"), units("Received", spare=True), units("To come"),
         units("Sourced", spare=True), Column("Warehouse", spare=True), Column("From", spare=True)],
        [(one.name, said(one.kind), one.sku, Status(one.status), day(one.due) or "unknown",
          "yes" if one.late else "", one.quantity, one.received, one.outstanding, one.sourced, one.warehouse,
          one.supplier or one.from_warehouse) for one in lines],
    )  # fmt: skip


def put_story(story: InboundStory) -> None:
    """Print one inbound line with who has a part of it, the deliveries in which it came, and its history."""
    put_sheet(story.inbound)
    if story.sourcings:
        put("")
        put_table(
            [Column("Backorder"), Column("Order"), units("Units"), Column("State"), Column("By", spare=True),
             text("Because", spare=True)],
            [(one.backorder, f"{one.order}, line {one.line_number}", one.quantity, Status(one.state),
              one.sourced_by, one.because) for one in story.sourcings],
            title="Reserved by name",
        )  # fmt: skip
    if story.receipts:
        put("")
        put_table(
            [Column("Delivery"), Column("When"), Column("Place"), Column("Lot", spare=True), units("Units"),
             units("Damaged", spare=True), Column("By", spare=True)],
            [(one.delivery, minute(one.received_at), one.location, one.lot, one.quantity, one.damaged,
              one.approved_by) for one in story.receipts],
            title="Received",
        )  # fmt: skip
    put("")
    put_table(
        [Column("When"), Column("What"), text("Set off by"), Column("By", spare=True)],
        [(minute(one.occurred_at), one.type, one.trigger_source, one.actor) for one in story.history],
        title="History",
    )


def put_sheet(sheet: InboundSheet) -> None:
    """Print what is known of an inbound line."""
    counted_on = f", counted on {day(sheet.counted_on)}" if sheet.counted_on != sheet.due else ""
    put_facts(
        [
            ("Inbound", f"{sheet.name} (id {sheet.inbound_line_id})"),
            ("Kind", said(sheet.kind)),
            ("Status", Status(sheet.status)),
            ("SKU", f"{sheet.sku} {sheet.product}".strip()),
            ("Units", _sum(sheet)),
            ("Due", f"{day(sheet.due)}{counted_on}" if sheet.due else "on an unknown day"),
            ("Late", "yes" if sheet.late else ""),
            ("Warehouse", sheet.warehouse),
            ("From", sheet.from_warehouse or sheet.supplier),
            ("Merchant", sheet.merchant if sheet.merchant != "default" else ""),
            ("Notes", sheet.notes),
            ("Closed", minute(sheet.closed_at)),
        ]
    )


def put_received(made: InboundReceived, apply: bool) -> None:
    """Print what a delivery of an inbound line did."""
    verb = "is in the books" if apply else "would come into the books"
    line, came = made.inbound, counted(made.delivery.added, "unit")
    put(f"Delivery {made.delivery.reference} {verb}: {came} of {line.sku}.")
    put(f"Inbound line {line.name} {'is' if apply else 'would be'} {said(line.status)}: {_sum(line)}.")
    gets = "got" if apply else "would get"
    for one in made.given:
        put(f"Order {one.order} {gets} {counted(one.units, 'unit')} that it had by name.")


def put_suppliers(suppliers: Sequence[SupplierSheet]) -> None:
    """Print suppliers with the margin that counts for each and what is to come from them."""
    if not suppliers:
        talk("No supplier is known yet. One is added with its first purchase order, or with inbound supplier.")
        return
    put_table(
        [Column("Supplier"), text("Name", spare=True), Column("Merchant", spare=True), units("Margin, days"),
         Column("Margin of", spare=True), units("Lines to come"), units("Units"), units("Late", spare=True),
         Column("Next due", spare=True)],
        [(one.code, one.name, "" if one.merchant == "default" else one.merchant, one.margin_days,
          "the business" if one.own_margin_days is None else "its own", one.lines, one.units, one.late,
          one.next_due) for one in suppliers],
    )  # fmt: skip


def _sum(sheet: InboundSheet) -> str:
    parts = (
        (sheet.received, "received"),
        (sheet.cancelled, "cancelled"),
        (sheet.outstanding, "to come"),
        (sheet.sourced, "of them sourced"),
    )
    told = [f"{count:,} {word}" for count, word in parts if count]
    return f"{counted(sheet.quantity, 'unit')} announced ({', '.join(told)})"
