"""Say what there is of a SKU: what a shop asks before it promises anything."""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from makegood.domain.errors import Ambiguous, VariantNotFound
from makegood.domain.explanation import NextInbound
from makegood.services.work import Work


class SiteAvailability(NamedTuple):
    """What a warehouse has, in whole units: `free` by the one definition, `waiting` what its queue still lacks."""

    warehouse: str
    free: int
    allocated: int
    not_pickable: int
    waiting: int
    next_inbound: NextInbound | None


class Availability(NamedTuple):
    """What there is of a variant, over all warehouses and in each; supply that is sourced already is left out."""

    merchant: str
    sku: str
    name: str
    free: int
    allocated: int
    not_pickable: int
    waiting: int
    next_inbound: NextInbound | None
    warehouses: Sequence[SiteAvailability]


def show_availability(work: Work, sku: str, *, merchant: str | None = None) -> Availability:
    """Say what there is of a SKU, alias or barcode.

    Raises `VariantNotFound`, and `Ambiguous` when several variants are called that.
    """
    found = work.db.all("variant_named", text=sku, merchant=merchant)
    if not found:
        raise VariantNotFound(sku)
    if len(found) > 1:
        raise Ambiguous(name=sku, choices=[f"{code}/{name}" for _, code, name, _ in found])
    variant, code, name, title = found[0]
    sites = [_site(row) for row in work.db.all("availability", variant=variant, today=work.today)]
    due = [site.next_inbound for site in sites if site.next_inbound]
    return Availability(
        merchant=code,
        sku=name,
        name=title,
        free=sum(site.free for site in sites),
        allocated=sum(site.allocated for site in sites),
        not_pickable=sum(site.not_pickable for site in sites),
        waiting=sum(site.waiting for site in sites),
        next_inbound=min(due, key=_soonest, default=None),
        warehouses=sites,
    )


def _site(row: Sequence[Any]) -> SiteAvailability:
    warehouse, free, allocated, not_pickable, waiting, reference, units, due = row
    inbound = NextInbound(reference=reference, units=units, due=due) if reference else None
    return SiteAvailability(warehouse, free, allocated, not_pickable, waiting, inbound)


def _soonest(supply: NextInbound) -> tuple[bool, date, str]:
    return supply.due is None, supply.due or date.max, supply.reference
