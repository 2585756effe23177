"""Import variants: what is new is added, what is known is brought up to date where the file says something."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from makegood.domain.catalogue import NewVariant
from makegood.services.add_catalogue import add_variants
from makegood.services.change_usability import change_usability
from makegood.services.files.entries import VariantEntry
from makegood.services.files.grouping import Together
from makegood.services.files.importing import Kind
from makegood.services.files.names import CREATE, know_merchants
from makegood.services.files.rows import Group, Landing, Terms
from makegood.services.shrink_stock import Unit
from makegood.services.work import Work

# They are written as the file says them, and left as they are where it says nothing.
DESCRIBED = (
    "name", "length_mm", "width_mm", "height_mm", "weight_g", "lot_tracked", "expiry_tracked",
    "min_shelf_life_days",
)  # fmt: skip


FLAGS = ("lot_tracked", "expiry_tracked")


class _InBooks(NamedTuple):
    """What the books say about a variant; `key` tells the same SKU, the id is None when there is none."""

    key: str
    variant_id: int | None
    name: str | None
    length_mm: int | None
    width_mm: int | None
    height_mm: int | None
    weight_g: int | None
    lot_tracked: bool | None
    expiry_tracked: bool | None
    min_shelf_life_days: int | None


def import_variants(work: Work, variants: Sequence[Group[VariantEntry]], terms: Terms) -> Landing[VariantEntry]:
    """Add variants or bring them up to date, and tell what became of each row.

    Another minimum shelf life makes lots usable, or frees the reservations on those that have become too old.
    """
    landing: Landing[VariantEntry] = Landing()
    merchants = know_merchants(work, {one.first.merchant for one in variants}, terms)
    for one in variants:
        if one.first.merchant not in merchants:
            because = "no such merchant"
            landing.refuse(one, one.problem("merchant", one.first.merchant, because, f"Correct it, {CREATE}"))
    fitting = landing.open(variants)
    known = _look_up(work, fitting, merchants)
    _refuse_second_ones(landing, fitting, known, merchants, terms)
    new_codes = _new_codes(work, landing, landing.open(fitting), known, merchants)
    changed = []
    for one in landing.open(variants):
        books = known[one.line]
        if books.variant_id is None or one.line in new_codes or _differs(one.first, books):
            changed.append(one)
        else:
            landing.unchanged.append(one)
    if changed:
        add_variants(work, [_described(one.first, known[one.line]) for one in changed])
        _set_shelf_lives(work, changed, known)
    landing.landed += changed
    return landing


def _look_up(
    work: Work, variants: Sequence[Group[VariantEntry]], merchants: Mapping[str, int]
) -> dict[int, _InBooks]:
    """Give what the books say about each variant, by the line of its row."""
    rows = work.db.records(
        _InBooks,
        "variants_described",
        merchants=[merchants[one.first.merchant] for one in variants],
        skus=[one.first.sku for one in variants],
    )
    return {one.line: books for one, books in zip(variants, rows, strict=True)}


def _refuse_second_ones(
    landing: Landing[VariantEntry],
    variants: Sequence[Group[VariantEntry]],
    known: Mapping[int, _InBooks],
    merchants: Mapping[str, int],
    terms: Terms,
) -> None:
    """Refuse a row whose SKU came before in another spelling."""
    for one in variants:
        identity = hash(("variant", merchants[one.first.merchant], known[one.line].key))
        if identity in landing.identities or identity in terms.seen:
            because = "the same SKU came before in the file, in another spelling"
            landing.refuse(one, one.problem("sku", one.first.sku, because, "Keep one of the rows"))
        landing.identities.add(identity)


def _new_codes(
    work: Work,
    landing: Landing[VariantEntry],
    variants: Sequence[Group[VariantEntry]],
    known: Mapping[int, _InBooks],
    merchants: Mapping[str, int],
) -> set[int]:
    """Give the lines that bring an alias or barcode; one that stands for another variant is refused."""
    asked = [
        (one, merchants[one.first.merchant], kind, code)
        for one in variants
        for kind, codes in (("ALIAS", one.first.aliases), ("BARCODE", one.first.barcodes))
        for code in codes
    ]
    rows = work.db.all(
        "codes_held",
        merchants=[merchant for _, merchant, _, _ in asked],
        kinds=[kind for _, _, kind, _ in asked],
        codes=[code for _, _, _, code in asked],
    )
    new: set[int] = set()
    taken: dict[tuple[int, str, str], str] = {}
    for (one, merchant, kind, code), (code_key, holder, sku) in zip(asked, rows, strict=True):
        mine = known[one.line].key
        owner = holder or taken.setdefault((merchant, kind, code_key), mine)
        if owner != mine:
            field = "aliases" if kind == "ALIAS" else "barcodes"
            because = f"it stands for {sku or owner} already"
            landing.refuse(one, one.problem(field, code, because, "Take it off one of the two"))
        if holder is None:
            new.add(one.line)
    return new


def _differs(entry: VariantEntry, books: _InBooks) -> bool:
    """Tell whether the file says something else than the books."""
    return any(
        said not in (None, "") and said != getattr(books, name)
        for name in DESCRIBED
        for said in (getattr(entry, name),)
    )


def _described(entry: VariantEntry, books: _InBooks) -> NewVariant:
    said = {name: getattr(entry, name) for name in DESCRIBED}
    flags = {name: bool(said[name] if said[name] is not None else getattr(books, name)) for name in FLAGS}
    days = {"min_shelf_life_days": entry.min_shelf_life_days or 0}
    return NewVariant(
        entry.sku, merchant=entry.merchant, aliases=entry.aliases, barcodes=entry.barcodes, **(said | flags | days)
    )


def _set_shelf_lives(work: Work, changed: Sequence[Group[VariantEntry]], known: Mapping[int, _InBooks]) -> None:
    """Change the minimum shelf life of variants that were there before."""
    days = {
        books.variant_id: one.first.min_shelf_life_days
        for one in changed
        if (books := known[one.line]).variant_id is not None
        and one.first.min_shelf_life_days not in (None, books.min_shelf_life_days)
    }
    if not days:
        return
    variants = list(days)
    change_usability(
        work,
        lambda: work.db.records(Unit, "dated_units", variants=variants),
        lambda: work.db.run("set_shelf_lives", variants=variants, days=list(days.values())),
        reason="the minimum shelf life was changed",
    )


KIND = Kind("variants", VariantEntry, Together(("merchant", "sku"), "variant"), import_variants)
