"""Import stock: a row states what is on hand in one place; the difference to the books is posted."""

from collections.abc import Mapping, Sequence

from makegood.domain.catalogue import Place, UnitStatus
from makegood.domain.errors import NotEnough
from makegood.services.change_stock import change_stock
from makegood.services.files.entries import StockEntry
from makegood.services.files.grouping import Together
from makegood.services.files.importing import Kind
from makegood.services.files.names import Names, know, refuse_unknown
from makegood.services.files.rows import Group, Landing, Terms
from makegood.services.free_allocations import open_allocations
from makegood.services.gates import lock_orders
from makegood.services.shrink_stock import Unit
from makegood.services.work import Work

Stated = Mapping[Place, Group[StockEntry]]


def import_stock(work: Work, statements: Sequence[Group[StockEntry]], terms: Terms) -> Landing[StockEntry]:
    """Make the books of one warehouse say what is stated of some places, and tell what became of each row.

    What is more goes to whoever waits; what is less is taken off as everywhere, free units first. Places that
    are not named stay as they are.
    """
    landing: Landing[StockEntry] = Landing()
    names = know(work, statements, terms)
    fitting = refuse_unknown(landing, names, statements)
    if fitting:
        stated = _by_place(work, landing, fitting, names, terms)
        landing.identities |= {hash(place) for place in stated}
        _post_differences(work, landing, stated, names.warehouses[fitting[0].first.warehouse])
    return landing


def _by_place(
    work: Work, landing: Landing[StockEntry], statements: Sequence[Group[StockEntry]], names: Names, terms: Terms
) -> dict[Place, Group[StockEntry]]:
    """Give the place of each statement; the second statement about one place is refused."""
    places = [_place(one.first, names) for one in statements]
    rules = work.db.all(
        "lot_rules", variants=[place.variant_id for place in places], lots=[place.lot for place in places]
    )
    stated: dict[Place, Group[StockEntry]] = {}
    for one, place, (_, _, known) in zip(statements, places, rules, strict=True):
        whole = place._replace(expires_on=place.expires_on or known)
        if whole in stated or hash(whole) in terms.seen:
            because = f"the stock of {one.first.location} was stated before"
            landing.refuse(one, one.problem("sku", one.first.sku, because, "Put the units into one row"))
        else:
            stated[whole] = one
    return stated


def _place(entry: StockEntry, names: Names) -> Place:
    return Place(
        names.variants[entry.merchant, entry.sku],
        names.warehouses[entry.warehouse],
        names.locations[entry.warehouse, entry.location],
        entry.status,
        entry.lot,
        entry.expires_on,
    )


def _post_differences(work: Work, landing: Landing[StockEntry], stated: Stated, warehouse: int) -> None:
    # Two files that state the same places queue up at the gates; the second finds nothing to do.
    _hold(work, stated, warehouse)
    booked = [units for _, units in _look(work, stated)]
    changes = {
        place: one.first.quantity - units for (place, one), units in zip(stated.items(), booked, strict=True)
    }
    _insist_on_lots(work, landing, stated, {place for place, change in changes.items() if change > 0})
    landing.unchanged += [one for place, one in stated.items() if not changes[place]]
    landed = {place: one for place, one in stated.items() if changes[place] and one in landing.open([one])}
    change_stock(
        work, warehouse, {place: changes[place] for place in landed}, reason="stock was stated", refusal=_refusal
    )
    landing.landed += landed.values()


def _hold(work: Work, stated: Stated, warehouse: int) -> None:
    """Hold the gates of all that is stated, with the orders that have reservations on what becomes less."""
    seen = _look(work, stated)
    shrinking = [
        unit_id
        for (unit_id, units), one in zip(seen, stated.values(), strict=True)
        if unit_id is not None and units > one.first.quantity
    ]
    orders = [one.order_id for one in open_allocations(work, units=shrinking)] if shrinking else []
    lock_orders(work, warehouse, orders, {place.variant_id for place in stated})


def _look(work: Work, places: Stated) -> list[tuple[int | None, int]]:
    rows = work.db.all(
        "units_stated",
        variants=[place.variant_id for place in places],
        locations=[place.location_id for place in places],
        statuses=[place.status for place in places],
        lots=[place.lot for place in places],
        expiries=[place.expires_on for place in places],
    )
    return [(unit_id, units) for unit_id, units in rows]


def _insist_on_lots(work: Work, landing: Landing[StockEntry], stated: Stated, growing: set[Place]) -> None:
    """Refuse more units of a tracked variant without its lot or its expiry date, unless they are set aside."""
    some = [place for place in stated if place in growing and place.status == UnitStatus.AVAILABLE]
    rules = work.db.all("lot_rules", variants=[p.variant_id for p in some], lots=[p.lot for p in some])
    for place, (by_lot, by_expiry, _) in zip(some, rules, strict=True):
        one = stated[place]
        if by_lot and not place.lot:
            landing.refuse(one, one.problem("lot", "", f"{one.first.sku} is tracked by lot", "Give the lot"))
        if by_expiry and place.expires_on is None:
            because = f"{one.first.sku} is tracked by expiry date"
            landing.refuse(one, one.problem("expires_on", None, because, "Give the expiry date"))


def _refusal(_: Place, unit: Unit | None) -> NotEnough:
    return NotEnough(sku=unit.sku if unit else "it", wanted=0, free=unit.quantity if unit else 0)


KIND = Kind(
    "stock",
    StockEntry,
    Together(("merchant", "warehouse", "location", "status", "lot", "expires_on", "sku"), "place"),
    import_stock,
)
