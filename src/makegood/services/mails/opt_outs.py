"""Who wants no mails: said by the customer on a signed link, or by somebody of the house."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from makegood.domain.errors import InvalidValue, LinkInvalid
from makegood.services.add_catalogue import find_merchants
from makegood.services.mails.links import STOP, read_signed
from makegood.services.pages import cursor_after, insist_on_most, read_cursor
from makegood.services.work import Work


class OptOut(NamedTuple):
    """An address that gets no mails of a merchant, and by whom, how and when that was said."""

    address: str
    merchant: str
    how: str
    by: str
    at: datetime


class OptOutPage(NamedTuple):
    """A page of the addresses that want no mails, and the cursor of the next."""

    opt_outs: Sequence[OptOut]
    next: str | None


def opt_out_by_link(work: Work, token: str, *, one_click: bool = False) -> None:
    """Send no more mails of the merchant to whoever got the mail with this link. Raises `LinkInvalid`."""
    address, merchant = whom_link_means(work, token)
    how = "ONE_CLICK" if one_click else "LINK"
    work.db.run("add_opt_out", merchant=merchant, address=address, how=how, actor="customer", as_of=work.as_of)


def whom_link_means(work: Work, token: str) -> tuple[str, int]:
    """Give the address and merchant of the mail that a link came with. Raises `LinkInvalid`."""
    found = work.db.one("who_gets", mail=read_signed(work, STOP, token))
    if found is None:
        raise LinkInvalid
    return str(found[0]), int(found[1])


def add_opt_out(work: Work, address: str, *, merchant: str = "default") -> OptOut:
    """Send no more mails of a merchant to an address. Raises `InvalidValue`, `MerchantNotFound`."""
    if not work.db.value("is_one_address", written=address):
        raise InvalidValue("address", address, "one e-mail address")
    ids = find_merchants(work, {merchant})
    work.db.run(
        "add_opt_out", merchant=ids[merchant], address=address, how="STAFF", actor=work.actor, as_of=work.as_of
    )
    return OptOut(address.strip().lower(), merchant, "STAFF", work.actor, work.as_of)


def drop_opt_out(work: Work, address: str, *, merchant: str = "default") -> bool:
    """Send mails to an address again; False when it was not on the list. Raises `MerchantNotFound`."""
    ids = find_merchants(work, {merchant})
    return bool(work.db.run("drop_opt_out", merchant=ids[merchant], address=address))


def list_opt_outs(work: Work, *, after: str | None = None, most: int = 50) -> OptOutPage:
    """Give a page of the addresses that want no mails."""
    insist_on_most(most)
    address, code = read_cursor(after, (str, str))
    found = work.db.records(OptOut, "opt_outs_to_show", address=address, code=code, most=most + 1)
    last = found[most - 1] if len(found) > most else None
    return OptOutPage(found[:most], cursor_after(last.address, last.merchant) if last else None)
