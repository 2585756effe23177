"""The merchants to which a user or token is limited: codes for people, ids in the books."""

from collections.abc import Callable, Sequence

from makegood.domain.errors import InvalidValue, MerchantNotFound
from makegood.services.work import Work


def merchants_named(
    work: Work, codes: Sequence[str] | None, *, within: Sequence[int] | None = None
) -> list[int] | None:
    """Give the ids of these merchants, None for all; whoever is limited gives no more than the own ones.

    Raises `MerchantNotFound`.
    """
    if codes is None:
        return None if within is None else sorted(within)
    if not codes:
        raise InvalidValue("merchants", [], "at least one merchant, or none at all for every one")
    known = dict(work.db.all("merchant_ids", codes=sorted(set(codes))))
    for code in codes:
        if code not in known or (within is not None and known[code] not in within):
            raise MerchantNotFound(code)
    return sorted(known.values())


def merchant_codes(work: Work) -> Callable[[Sequence[object] | None], Sequence[str] | None]:
    """Give what turns ids into codes, by one look at the books."""
    codes: dict[object, str] = dict(work.db.all("merchant_codes"))
    return lambda ids: None if ids is None else [codes[one] for one in ids]
