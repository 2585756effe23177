"""The daily job: nobody keeps a reservation on a lot that has expired or become short-dated."""

from makegood.services.post_stock import sourced
from makegood.services.shrink_stock import free_over, hold_units
from makegood.services.work import Work

# Units of one warehouse that one transaction frees; the lines go back to the queue in it.
UNITS_A_BATCH = 200


def shrink_expired(work: Work, *, most: int = UNITS_A_BATCH) -> int:
    """Free reservations on expired and short-dated lots of one warehouse, and give how many units were freed.

    To be called until it gives 0.
    """
    found = work.db.all("expired_reservations", today=work.today, most=most)
    if not found:
        return 0
    warehouse = found[0][0]
    with sourced(work, f"expiry:{work.today}") as shrinking:
        units, orders = hold_units(shrinking, warehouse, [row[1] for row in found if row[0] == warehouse])
        over = {unit.unit_id: unit.reserved for unit in units if unit.reserved and not unit.usable(work.today)}
        free_over(shrinking, orders, over, "the lot has expired or become short-dated")
    return sum(over.values())
