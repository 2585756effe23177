"""Say whether a location is pickable and active; what lies there becomes usable or stops to be."""

from makegood.planner.attempt import Attempt
from makegood.services.add_catalogue import find_locations
from makegood.services.change_usability import change_usability
from makegood.services.new_orders import find_site
from makegood.services.post_stock import sourced
from makegood.services.shrink_stock import Unit
from makegood.services.work import Work


def set_location(
    work: Work,
    location: str,
    *,
    warehouse: str | None = None,
    is_pickable: bool | None = None,
    active: bool | None = None,
) -> list[Attempt]:
    """Change what a location is; what is not said stays. Gives the orders that lost their units there.

    Made usable, what lies there goes to whoever waits; made unusable, its reservations are freed.
    """
    site = find_site(work, warehouse)
    location_id, _ = find_locations(work, [(site.code, location)])[site.code, location]
    with sourced(work, f"location:{site.code}/{location}") as changing:
        return change_usability(
            changing,
            lambda: work.db.records(Unit, "units_in_locations", locations=[location_id]),
            lambda: work.db.run("set_location", id=location_id, is_pickable=is_pickable, active=active),
            reason=f"{location} was made unusable",
        )
