"""Add, list and remove what may be sent instead of a variant."""

from collections.abc import Sequence
from typing import NamedTuple

from makegood.domain.alternatives import AlternativeKind, NewAlternative
from makegood.domain.errors import AlternativeNotFound, InvalidValue, MerchantNotFound, VariantNotFound
from makegood.services.new_orders import match_skus
from makegood.services.pages import cursor_after, insist_on_most, read_cursor
from makegood.services.work import Work

MOST_UNITS = 2**31 - 1


class ShownAlternative(NamedTuple):
    """A substitute for a SKU: `units` of it stand for `per` of that; of two-way ones either is shown."""

    merchant: str
    sku: str
    substitute: str
    name: str
    kind: str
    position: int
    units: int
    per: int
    two_way: bool
    needs_consent: bool


class AlternativePage(NamedTuple):
    """A page of alternatives, by SKU and preference, and the cursor of the next one."""

    alternatives: Sequence[ShownAlternative]
    next: str | None


def add_alternatives(work: Work, alternatives: Sequence[NewAlternative]) -> None:
    """Add alternatives, or bring them up to date.

    Raises `VariantNotFound`, `MerchantNotFound`, and `InvalidValue` for what makes no sense.
    """
    for one in alternatives:
        _insist_on_sense(one)
    pairs = _variants(work, alternatives)
    latest = {pair: one for pair, one in zip(pairs, alternatives, strict=True)}
    if latest:
        work.db.run(
            "add_alternatives",
            variants=[variant for variant, _ in latest],
            substitutes=[substitute for _, substitute in latest],
            kinds=[one.kind for one in latest.values()],
            positions=[one.position for one in latest.values()],
            units=[one.units for one in latest.values()],
            per=[one.per for one in latest.values()],
            two_way=[one.two_way for one in latest.values()],
            consents=[one.needs_consent for one in latest.values()],
        )


def remove_alternative(work: Work, sku: str, substitute: str, *, merchant: str = "default") -> None:
    """Remove an alternative; orders to which it was applied stay as they are. Raises `AlternativeNotFound`."""
    ((variant, other),) = _variants(work, [NewAlternative(sku, substitute, merchant=merchant)])
    if not work.db.run("remove_alternative", variant=variant, substitute=other):
        raise AlternativeNotFound(sku=sku, substitute=substitute)


def list_alternatives(
    work: Work, *, sku: str | None = None, after: str | None = None, most: int = 100
) -> AlternativePage:
    """Give a page of the alternatives, all or those for one SKU. Raises `VariantNotFound`."""
    variants = [row[0] for row in work.db.all("variants_called", text=sku)] if sku else None
    if variants == []:
        raise VariantNotFound(sku)
    key, variant, position, last = read_cursor(after, (str, int, int, int))
    rows = work.db.all(
        "alternatives_to_show",
        variants=variants,
        after_sku=key,
        after_variant=variant,
        after_position=position,
        after_id=last,
        most=insist_on_most(most) + 1,
    )
    page = [ShownAlternative(*row[2:]) for row in rows[:most]]
    end = rows[most - 1] if len(rows) > most else None
    following = cursor_after(end[3].strip().lower(), end[0], end[7], end[1]) if end else None
    return AlternativePage(page, following)


def _insist_on_sense(one: NewAlternative) -> None:
    if one.kind not in list(AlternativeKind):
        raise InvalidValue("kind", one.kind, "one of " + ", ".join(AlternativeKind))
    for field, value in (("position", one.position), ("units", one.units), ("per", one.per)):
        if not 0 < value <= MOST_UNITS:
            raise InvalidValue(field, value, "a whole number above zero")


def _variants(work: Work, alternatives: Sequence[NewAlternative]) -> list[tuple[int, int]]:
    """Find the variant and the substitute of each; both are the merchant's own."""
    codes = sorted({one.merchant for one in alternatives})
    merchants = dict(work.db.all("merchant_ids", codes=codes))
    for code in codes:
        if code not in merchants:
            raise MerchantNotFound(code)
    texts = [(merchants[one.merchant], sku) for one in alternatives for sku in (one.sku, one.substitute)]
    found = match_skus(work, texts)
    for (_, sku), variant in zip(texts, found, strict=True):
        if variant is None:
            raise VariantNotFound(sku)
    pairs = [(found[place] or 0, found[place + 1] or 0) for place in range(0, len(found), 2)]
    for (variant, substitute), one in zip(pairs, alternatives, strict=True):
        if variant == substitute:
            raise InvalidValue("substitute", one.substitute, f"another variant than {one.sku}")
    return pairs
