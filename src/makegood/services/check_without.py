"""Check a warehouse while some of its queues rest: their marks stay, as if they had come just after."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from makegood.services.check_backorders import Piece, check_backorders
from makegood.services.work import Work


class _Mark(NamedTuple):
    variant_id: int
    trigger_source: str
    actor: str
    joined: bool
    marked_at: datetime


def check_without(work: Work, warehouse: int, resting: Sequence[int]) -> Piece | None:
    """Do the next piece of a warehouse's check, leaving the queues of these variants as they are."""
    if not resting:
        return check_backorders(work, warehouse)
    marks = work.db.records(_Mark, "take_marks", warehouse=warehouse, variants=list(resting))
    piece = check_backorders(work, warehouse)
    if marks:
        columns = {
            name: list(column) for name, column in zip(_Mark._fields, zip(*marks, strict=True), strict=True)
        }
        work.db.run("put_marks_back", warehouse=warehouse, **columns)
    return piece
