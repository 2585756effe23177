"""Say that dates must be looked at: by a row, in the transaction that changed what they follow from.

Demand needs no call of its own: whoever changes who waits holds the gate of the queue, and `gates.lock_gates`
leaves the date mark. Supply to come changes without a gate; whoever changes it calls `mark_inbound`.
"""

from collections.abc import Iterable

from makegood.services.work import Work


def mark_dates(work: Work, gates: Iterable[tuple[int, int]]) -> None:
    """Say that the dates of these (variant, warehouse) must be looked at once this is committed."""
    wanted = sorted(set(gates))
    if wanted:
        variants, warehouses = (list(column) for column in zip(*wanted, strict=True))
        told = {"source": work.source, "actor": work.actor}
        work.db.run("add_date_marks", variants=variants, warehouses=warehouses, **told)
        work.marked = True


def mark_inbound(work: Work, inbound_lines: Iterable[int]) -> None:
    """Say so of the queues of these inbound lines, whatever was changed of them."""
    if work.db.run("mark_inbound", lines=sorted(set(inbound_lines)), source=work.source, actor=work.actor):
        work.marked = True


def mark_all_dates(work: Work) -> None:
    """Say so of every queue with supply to come, as when a safety margin changes."""
    if work.db.run("mark_supply_to_come", source=work.source, actor=work.actor):
        work.marked = True


def mark_expired(work: Work) -> None:
    """Say so of every dated queue of which stock has expired: it lies free no more, and nobody touched it."""
    if work.db.run("mark_supply_that_went_off", source=work.source, actor=work.actor, today=work.today):
        work.marked = True
