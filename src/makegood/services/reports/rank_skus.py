"""What a buyer reorders first: SKUs by the orders that waited for them times the units that these lacked."""

from makegood.services.reports.rows import SkuRow
from makegood.services.reports.window import Window
from makegood.services.work import Work


def skus(work: Work, window: Window, most: int) -> list[SkuRow]:
    """Give the first SKUs to reorder when the period ended; a text that no variant matched stands for itself."""
    return work.db.records(SkuRow, "report_skus", **window.values(work), most=most)
