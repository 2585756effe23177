"""Put an order aside that makes a check or a job fail, so that all others are served; take it back when mended."""

from collections.abc import Mapping

from makegood.services.gates import lock_order
from makegood.services.park_job import name_of, text_of
from makegood.services.work import Work


def set_aside(work: Work, failed: Mapping[int, BaseException], *, job: str) -> None:
    """Leave these orders, by id, out of all checks and jobs from now on, and report what each of them caused."""
    orders = sorted(failed)
    work.db.run(
        "set_aside",
        orders=orders,
        errors=[name_of(failed[order]) for order in orders],
        messages=[text_of(failed[order]) for order in orders],
        job=job,
        actor=work.actor,
    )


def retry_set_aside(work: Work, name: str) -> bool:
    """Take an order back into the queue that was set aside; False when it was not. Raises `OrderNotFound`."""
    order, lines = lock_order(work, name)
    if not work.db.run("take_back", order=order.order_id):
        return False
    # Who was granted units meanwhile did not overtake it: it was not in the queue.
    work.db.run("wait_anew", order=order.order_id, turn=work.db.value("draw_turn"))
    work.mark(
        (line.variant_id, order.warehouse_id) for line in lines if line.waiting and line.variant_id is not None
    )
    return True
