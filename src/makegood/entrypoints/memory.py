"""What a process keeps in memory from its start to its end."""

import gc


def settle_in() -> None:
    """Leave what a process loaded to begin with out of the search for garbage: it stays to the end anyway.

    Gone over time and again, it made a worker's drain take half as long again, and an import a tenth
    (docs/decisions/0006).
    """
    gc.collect()
    gc.freeze()
