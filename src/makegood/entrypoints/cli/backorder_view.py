"""How a backorder looks: in a list, whole, and before and after something is done to it."""

from collections.abc import Callable, Sequence
from typing import Annotated, Concatenate, ParamSpec

import typer

from makegood.entrypoints.cli.counter import Counter, opened, tell_next
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
from makegood.services.backorders.fulfil_reserved import Reserved, fulfil_reserved
from makegood.services.backorders.list_backorders import BackorderPage
from makegood.services.backorders.records import BackorderSheet
from makegood.services.backorders.show_backorder import BackorderStory
from makegood.services.backorders.summarize_backorders import SkuPage
from makegood.services.work import Work

P = ParamSpec("P")

Apply = Annotated[bool, typer.Option("--apply", help="Do it; without this it is only shown.")]


def put_change(
    ctx: typer.Context,
    apply: bool,
    json: bool,
    use_case: Callable[Concatenate[Work, P], BackorderSheet],
    *args: P.args,
    **named: P.kwargs,
) -> None:
    """Do a use-case on a backorder, or without `apply` only show what it would come to."""
    with opened(ctx) as books:
        sheet = (books.change if apply else books.preview)(use_case, *args, **named)
    if json:
        put_json(sheet.as_told() if apply else {"would_do": sheet.as_told()})
        return
    verb = "is" if apply else "would be"
    put(f"Backorder {sheet.number} {verb} {said(sheet.status)}: {_sum(sheet)}.")
    put("")
    put_sheet(sheet)
    if not apply:
        talk("Nothing was done: this is what it would come to. Add --apply to do it.")


def fulfill_each_batch(books: Counter, skus: Sequence[str], *, merchant: str, warehouse: str | None) -> Reserved:
    """Let batch after batch go out until nothing goes any more; each is done for good once it is."""
    backorders, units = 0, 0
    while (gone := books.change(fulfil_reserved, skus, merchant=merchant, warehouse=warehouse)).units:
        backorders, units = backorders + gone.backorders, units + gone.units
    return Reserved(backorders, units)


def put_gone(skus: Sequence[str], gone: Reserved, *, apply: bool, json: bool) -> None:
    """Say what went out for the backorders of some SKUs, or would."""
    if json:
        told = {"skus": list(skus), "backorders": gone.backorders, "quantity_fulfilled": gone.units}
        put_json(told if apply else {"would_do": told})
        return
    verb = "went out" if apply else "would go out"
    put(f"{counted(gone.units, 'unit')} of {', '.join(skus)} {verb} for {counted(gone.backorders, 'backorder')}.")
    if not apply:
        talk("Nothing was done: this is what it would come to. Add --apply to do it.")


def put_page(page: BackorderPage) -> None:
    """Print a page of backorders."""
    if not page.backorders:
        talk("No backorder passes these filters. Closed ones are listed with --status fulfilled or cancelled.")
        return
    put_table(
        [Column("Backorder"), Column("SKU"), Column("Status"), Column("Priority"), units("Ordered"),
         units("Reserved"), units("Fulfilled", spare=True), units("Remaining"), units("Sourced", spare=True),
         units("Uncovered"), Column("Promised", spare=True), Column("Expected", spare=True),
         Column("Overdue", spare=True), Column("At risk", spare=True), Column("Order"),
         text("Customer", spare=True)],
        [(one.number, one.sku, Status(one.status), one.priority.lower(), one.ordered, one.allocated, one.fulfilled,
          one.remaining, one.sourced, one.uncovered, one.promised_date, one.expected_date,
          "yes" if one.overdue else "", "yes" if one.at_risk else "", one.order,
          one.customer) for one in page.backorders],
    )  # fmt: skip
    tell_next(page.next, "backorders list …")


def put_story(story: BackorderStory) -> None:
    """Print one backorder with its allocations and history."""
    put_sheet(story.backorder)
    if story.allocations:
        put("")
        put_table(
            [units("Allocation"), units("Units"), Column("Place"), Column("Lot", spare=True), Column("State"),
             Column("Came with", spare=True), Column("Lapses", spare=True), text("Forced because", spare=True)],
            [(one.allocation_id, one.quantity, f"{one.warehouse} {one.location}", one.lot, Status(one.state),
              one.inbound, minute(one.expires_at), one.reason) for one in story.allocations],
            title="Allocations",
        )  # fmt: skip
    put("")
    put_table(
        [Column("When"), Column("What"), text("Set off by"), Column("By", spare=True)],
        [(minute(one.occurred_at), one.type, ", ".join(one.trigger_sources), one.actor) for one in story.history],
        title="History",
    )


def put_sheet(sheet: BackorderSheet) -> None:
    """Print what is known of a backorder."""
    by_hand = ", set by hand" if sheet.expected_by_hand else ""
    put_facts(
        [
            ("Backorder", sheet.number),
            ("Status", Status(sheet.status)),
            ("SKU", f"{sheet.sku} {sheet.name}".strip()),
            ("Priority", sheet.priority.lower()),
            ("Units", _sum(sheet)),
            ("Expected", day(sheet.expected_date) + by_hand if sheet.expected_date else ""),
            ("Promised", day(sheet.promised_date)),
            ("Overdue", "yes" if sheet.overdue else ""),
            ("At risk", "yes" if sheet.at_risk else ""),
            ("Source", said(sheet.source)),
            ("Order", f"{sheet.order}, line {sheet.line_number}"),
            ("Customer", sheet.customer),
            ("Warehouse", sheet.warehouse),
            ("Merchant", sheet.merchant if sheet.merchant != "default" else ""),
            ("Notes", sheet.notes),
            ("Opened", minute(sheet.opened_at)),
            ("Closed", minute(sheet.closed_at)),
        ]
    )


def put_skus(page: SkuPage) -> None:
    """Print open backorders summed up by SKU."""
    if not page.skus:
        talk("No backorder is open here.")
        return
    put_table(
        [Column("SKU"), text("Name", spare=True), Column("Merchant", spare=True), units("Backorders"),
         units("Orders"), units("Remaining"), units("Covered"), units("Sourced", spare=True),
         units("Uncovered"), units("Critical", spare=True),
         units("Overdue", spare=True), units("At risk", spare=True), units("No date", spare=True),
         Column("Oldest", spare=True), Column("Expected", spare=True)],
        [(one.sku, one.name, "" if one.merchant == "default" else one.merchant, one.backorders, one.orders,
          one.units_remaining, one.units_covered, one.units_sourced,
          one.units_uncovered, one.critical, one.overdue,
          one.at_risk, one.undated, day(one.oldest),
          one.next_expected) for one in page.skus],
    )  # fmt: skip
    tell_next(page.next, "backorders sku-summary …")


def _sum(sheet: BackorderSheet) -> str:
    parts: Sequence[tuple[int, str]] = (
        (sheet.fulfilled, "fulfilled"),
        (sheet.cancelled, "cancelled"),
        (sheet.allocated, "reserved"),
        (sheet.sourced, "sourced"),
        (sheet.uncovered, "uncovered"),
    )
    told = [f"{count:,} {word}" for count, word in parts if count]
    return f"{counted(sheet.ordered, 'unit')} ordered, {sheet.remaining:,} remaining ({', '.join(told)})"
