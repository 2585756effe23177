"""A warehouse whose check is due, as the workers see it."""

from collections.abc import Sequence
from typing import NamedTuple


class Site(NamedTuple):
    """A warehouse with a marked queue: how many workers died at its check, and which of its queues rest.

    `resting` are variant ids.
    """

    warehouse_id: int
    code: str
    deaths: int
    resting: Sequence[int] = ()
