"""Where the units of a variant are, seen from one warehouse: the facts behind every reason."""

from collections.abc import Collection
from typing import Any

from makegood.domain.reasons import StockFacts
from makegood.services.work import Work


def stock_facts(work: Work, warehouse: int, variants: Collection[int]) -> dict[int, StockFacts]:
    """Read the facts of some variants; a variant of which nothing lies anywhere is left out."""
    if not variants:
        return {}
    found: dict[int, dict[str, Any]] = {}
    rows = work.db.all("stock_facts", warehouse=warehouse, variants=sorted(variants), today=work.today)
    for variant, here, site, place, kind, units in rows:
        facts = found.setdefault(variant, {"elsewhere": {}, "places": {}})
        if here:
            facts[kind] = facts.get(kind, 0) + units
            if kind == "not_pickable":
                facts["places"][place] = units
        elif kind == "free":
            facts["elsewhere"][site] = facts["elsewhere"].get(site, 0) + units
    return {variant: StockFacts(**facts) for variant, facts in found.items()}
