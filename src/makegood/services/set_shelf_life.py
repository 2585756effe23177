"""Say how long a lot must still keep to be given out; lots that fall below it stop to be usable."""

from makegood.domain.errors import InvalidValue
from makegood.planner.attempt import Attempt
from makegood.services.change_usability import change_usability
from makegood.services.find_stock import find_variants
from makegood.services.post_stock import sourced
from makegood.services.shrink_stock import Unit
from makegood.services.work import Work

MOST_DAYS = 36_500


def set_min_shelf_life(work: Work, sku: str, days: int, *, merchant: str = "default") -> list[Attempt]:
    """Set a variant's minimum shelf life in every warehouse, and give the orders that lost units by it.

    Made shorter, lots that are usable again go to whoever waits; made longer, the reservations on lots that
    have become short-dated are freed.
    """
    if not 0 <= days <= MOST_DAYS:
        raise InvalidValue("days", days, f"a number of days from 0 to {MOST_DAYS}")
    variant = find_variants(work, [(merchant, sku)])[0]
    with sourced(work, f"shelf-life:{sku}") as changing:
        return change_usability(
            changing,
            lambda: work.db.records(Unit, "dated_units", variants=[variant]),
            lambda: work.db.run("set_min_shelf_life", id=variant, days=days),
            reason=f"{sku} must keep for {days} days",
        )
