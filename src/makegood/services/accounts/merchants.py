"""The merchants to which a user or token is limited: codes for people, ids in the books."""

from collections.abc import Callable, Sequence

from makegood.domain.errors import InvalidValue
from makegood.services.add_catalogue import find_merchants
from makegood.services.work import Work


def merchants_named(work: Work, codes: Sequence[str] | None) -> list[int] | None:
    """Give the ids of these merchants; None means all that whoever asks may see, which may be all there are.

    Raises `MerchantNotFound`, `InvalidValue`.
    """
    if codes is None:
        return None if work.merchants is None else sorted(work.merchants)
    if not codes:
        raise InvalidValue("merchants", [], "at least one merchant, or none at all for every one")
    return sorted(find_merchants(work, set(codes)).values())


def own_merchant(work: Work) -> str:
    """Give the merchant that is meant where none is named: the only one that may be seen, else `default`."""
    codes = merchant_codes(work)(work.merchants)
    return codes[0] if codes and len(codes) == 1 else "default"


def merchants_seen(work: Work) -> list[str]:
    """Give the codes of the merchants that may be seen."""
    return sorted(merchant_codes(work)(work.merchants) or (code for _, code in work.db.all("merchant_codes")))


def merchant_codes(work: Work) -> Callable[[Sequence[object] | None], Sequence[str] | None]:
    """Give what turns ids into codes, by one look at the books."""
    codes: dict[object, str] = dict(work.db.all("merchant_codes"))
    return lambda ids: None if ids is None else [codes[one] for one in ids]
