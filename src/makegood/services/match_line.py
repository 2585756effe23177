"""Match a line by hand to a variant; the last one matched ends an UNMATCHED hold."""

from makegood.domain.errors import LineNotFound, VariantNotFound, WrongState
from makegood.domain.outcome import Outcome, outcome, unmatched_reason
from makegood.domain.states import HoldKind, OrderStatus
from makegood.planner.attempt import Attempt
from makegood.services.change_orders import Change, settle
from makegood.services.gates import LockedOrder, find_order, insist_editable, lock_order
from makegood.services.new_orders import match_skus
from makegood.services.work import Work


def match_line(work: Work, name: str, line_number: int, sku: str) -> Attempt:
    """Say which variant an unmatched line means, by SKU, alias or barcode; its SKU text stays as it came.

    Raises `LineNotFound`, `VariantNotFound`, and `WrongState` when the line is matched already.
    """
    _, _, merchant = find_order(work, name)
    variant = match_skus(work, [(merchant, sku)])[0]
    if variant is None:
        raise VariantNotFound(sku)
    locked = lock_order(work, name, {variant})
    insist_editable(locked.order, "have a line matched")
    chosen = next((line for line in locked.lines if line.line_number == line_number), None)
    if chosen is None:
        raise LineNotFound(order=name, line=line_number)
    if chosen.variant_id is not None:
        raise WrongState(order=name, status=locked.order.status, action=f"match line {line_number} twice")
    lines = [line._replace(variant_id=variant) if line is chosen else line for line in locked.lines]
    matched = LockedOrder(locked.order, lines)
    told = ("order:matched", {"line": line_number, "skuText": chosen.sku_text, "sku": sku})
    return settle(work, [Change(locked, locked.order, lines, to=_after_match(matched), told=told)])[0]


def _after_match(locked: LockedOrder) -> Outcome | None:
    """End an UNMATCHED hold with its last unmatched line; before that, only its reason changes."""
    if locked.order.hold_kind != HoldKind.UNMATCHED:
        return None
    left = [line.sku_text for line in locked.lines if line.variant_id is None and line.shortfall]
    if not left:
        return outcome([line.state() for line in locked.lines])
    short = sum(line.shortfall for line in locked.lines if line.variant_id is not None)
    return Outcome(OrderStatus.ON_HOLD, HoldKind.UNMATCHED, unmatched_reason(left, short))
