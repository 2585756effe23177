"""Turn the names in a file into ids of the books, set by set; what is unknown is refused, or added where asked."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from makegood.domain.catalogue import NewLocation, NewVariant, NewWarehouse
from makegood.services.add_catalogue import add_locations, add_variants, add_warehouses
from makegood.services.files.rows import E, Group, Landing, Problem, Row, Terms
from makegood.services.new_orders import match_skus
from makegood.services.work import Work

CREATE = "or import with the option create"


class Names(NamedTuple):
    """The ids behind the names of a batch; a name that is missing here does not exist."""

    merchants: Mapping[str, int]
    warehouses: Mapping[str, int]
    variants: Mapping[tuple[str, str], int]
    locations: Mapping[tuple[str, str], int]

    def unknown(self, row: Row[Any], *, skus: bool = True) -> Iterable[Problem]:
        """Give what a row names and the books do not know."""
        entry, line = row.entry, row.line
        if entry.merchant not in self.merchants:
            yield Problem(line, "merchant", entry.merchant, "no such merchant", f"Correct it, {CREATE}")
        elif skus and (entry.merchant, entry.sku) not in self.variants:
            yield Problem(line, "sku", entry.sku, "no such variant", f"Import it with the variants, {CREATE}")
        if entry.warehouse and entry.warehouse not in self.warehouses:
            yield Problem(line, "warehouse", entry.warehouse, "no such warehouse", f"Correct it, {CREATE}")
        elif (place := getattr(entry, "location", "")) and (entry.warehouse, place) not in self.locations:
            yield Problem(line, "location", place, "no such location", f"Import it with the locations, {CREATE}")


def know(work: Work, groups: Sequence[Group[E]], terms: Terms) -> Names:
    """Look up all that a batch names; where asked, add what does not exist yet."""
    entries: list[Any] = [row.entry for group in groups for row in group.rows]
    merchants = know_merchants(work, {entry.merchant for entry in entries}, terms)
    # Orders that keep their unmatched lines are matched when they are placed, and create no variant.
    named = [] if terms.keep_unmatched else entries
    skus = {(entry.merchant, entry.sku) for entry in named if entry.merchant in merchants}
    sites = {entry.warehouse for entry in entries if entry.warehouse}
    warehouses = know_warehouses(work, sites, terms)
    places = {
        (entry.warehouse, entry.location)
        for entry in entries
        if getattr(entry, "location", "") and entry.warehouse in warehouses
    }
    return Names(
        merchants,
        warehouses,
        _known(
            skus,
            lambda some: _find_variants(work, some, merchants),
            terms.create,
            lambda new: _add_variants(work, new),
        ),
        _known(places, lambda some: _find_places(work, some), terms.create, lambda new: _add_places(work, new)),
    )


def know_merchants(work: Work, codes: Iterable[str], terms: Terms) -> Mapping[str, int]:
    """Give the ids of merchants by code."""
    return _known(
        set(codes),
        lambda some: dict(work.db.all("merchant_ids", codes=some)),
        terms.create,
        lambda new: work.db.run("add_merchants", codes=new),
    )


def know_warehouses(work: Work, codes: Iterable[str], terms: Terms) -> Mapping[str, int]:
    """Give the ids of warehouses by code."""
    return _known(
        set(codes),
        lambda some: dict(work.db.all("warehouse_ids", codes=some)),
        terms.create,
        lambda new: add_warehouses(work, [NewWarehouse(code) for code in new]),
    )


def refuse_unknown(
    landing: Landing[E], names: Names, groups: Sequence[Group[E]], *, skus: bool = True
) -> list[Group[E]]:
    """Refuse the groups that name what does not exist, and give the others."""
    for group in groups:
        for row in group.rows:
            for problem in names.unknown(row, skus=skus):
                landing.refuse(group, problem)
    return landing.open(groups)


def _known(
    wanted: set[Any], find: Callable[[list[Any]], dict[Any, int]], create: bool, add: Callable[[list[Any]], object]
) -> dict[Any, int]:
    """Find what is wanted; what is missing is added if that is asked, and found then."""
    found = find(sorted(wanted)) if wanted else {}
    missing = sorted(wanted - set(found))
    if not missing or not create:
        return found
    add(missing)
    return found | find(missing)


def _find_variants(
    work: Work, skus: Sequence[tuple[str, str]], merchants: Mapping[str, int]
) -> dict[tuple[str, str], int]:
    found = match_skus(work, [(merchants[merchant], sku) for merchant, sku in skus])
    return {name: variant for name, variant in zip(skus, found, strict=True) if variant is not None}


def _add_variants(work: Work, skus: Sequence[tuple[str, str]]) -> None:
    add_variants(work, [NewVariant(sku, merchant=merchant) for merchant, sku in skus])


def _find_places(work: Work, places: Sequence[tuple[str, str]]) -> dict[tuple[str, str], int]:
    rows = work.db.all(
        "find_locations", warehouses=[place[0] for place in places], codes=[place[1] for place in places]
    )
    return {(warehouse, code): location for warehouse, code, location, _ in rows}


def _add_places(work: Work, places: Sequence[tuple[str, str]]) -> None:
    add_locations(work, [NewLocation(code, warehouse) for warehouse, code in places])
