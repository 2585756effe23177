"""What the stories about splits share: a customer who agreed, and books that the doctor finds sound."""

from typing import Any

from makegood.domain.splits import Consent
from makegood.services.doctor import doctor
from makegood.services.merge_order import Merged, merge_order
from makegood.services.split_order import Split, split_order
from tests.shop import MONDAY, Shop

AGREED = Consent(by="Ann", how="e-mail", at=MONDAY)


def split(shop: Shop, number: str, mode: str = "lines", **given: Any) -> Split:
    """Split an order whose customer agreed."""
    return shop.do(split_order, number, mode=mode, **{"consent": AGREED} | given)


def merge(shop: Shop, number: str) -> Merged:
    """Merge an order again."""
    return shop.do(merge_order, number)


def insist_sound(shop: Shop) -> None:
    """Insist that the doctor finds nothing."""
    findings = doctor(shop.books, shop.clock).findings
    assert not findings, [finding.words for finding in findings]


def lines(shop: Shop, number: str) -> list[tuple[int, str, int, int]]:
    """Give line number, SKU text, units and reserved units of each line that wants something."""
    return shop.rows(
        "SELECT line_number, sku_text, quantity, allocated FROM order_lines JOIN orders USING (order_id) "
        "WHERE number = %s AND quantity > 0 ORDER BY line_number",
        number,
    )
