"""Suppliers, and how much later than they announce their supply is counted on."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from makegood.domain.errors import InvalidValue
from makegood.services.add_catalogue import find_merchants
from makegood.services.business_settings import business_settings
from makegood.services.mark_dates import mark_all_dates
from makegood.services.work import Work

MOST_DAYS = 3650


class SupplierSheet(NamedTuple):
    """A supplier with the margin that counts for it, and what is still to come from it.

    `own_margin_days` is empty where the business setting counts; `late` counts lines whose day has passed.
    """

    merchant: str
    code: str
    name: str
    own_margin_days: int | None
    margin_days: int
    lines: int
    units: int
    late: int
    next_due: date | None


def set_supplier(
    work: Work,
    code: str,
    *,
    merchant: str = "default",
    name: str | None = None,
    margin_days: int | None = None,
    clear_margin: bool = False,
) -> SupplierSheet:
    """Add a supplier or bring it up to date; what is not said stays. `clear_margin`: the business setting counts.

    Raises `MerchantNotFound`, `InvalidValue`.
    """
    if not code.strip():
        raise InvalidValue("code", code, "a supplier's code")
    if margin_days is not None and not 0 <= margin_days <= MOST_DAYS:
        raise InvalidValue("margin_days", margin_days, f"a number of days from 0 to {MOST_DAYS}")
    work.db.run(
        "set_supplier",
        merchant=find_merchants(work, [merchant])[merchant],
        code=code,
        called=name,
        margin_days=margin_days,
        clear_margin=clear_margin,
    )
    mark_all_dates(work)
    key = code.strip().lower()
    return next(one for one in list_suppliers(work, merchant=merchant) if one.code.lower() == key)


def list_suppliers(work: Work, *, merchant: str | None = None) -> list[SupplierSheet]:
    """Give all suppliers, of one merchant where one is named."""
    margin = business_settings(work.db).supplier_margin_days
    return work.db.records(SupplierSheet, "suppliers_to_show", merchant=merchant, margin=margin, today=work.today)


def supplier_ids(work: Work, wanted: Sequence[tuple[int, str]]) -> dict[tuple[int, str], int]:
    """Give the ids of suppliers by merchant and code in small letters; those that are not known yet are added."""
    if not wanted:
        return {}
    merchants, codes = [merchant for merchant, _ in wanted], [code.strip() for _, code in wanted]
    work.db.run("add_suppliers", owners=merchants, codes=codes)
    rows = work.db.all("supplier_ids", owners=merchants, codes=codes)
    return {(merchant, key): supplier for merchant, key, supplier in rows}
