"""Every list over HTTP pages without loss or repeats while rows are added."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import pytest

from makegood.domain.accounts import Role
from makegood.domain.inbound import NewInbound
from makegood.domain.orders import NewLine
from makegood.services.inbound.create_inbound import create_inbound
from makegood.services.receive_stock import open_receiving
from makegood.services.runs.start_run import start_run
from tests.entrypoints.api.visitors import Api, Visitor


class Listing(NamedTuple):
    """A list: its address, the field of its rows, what tells one row from another, and its query."""

    path: str
    rows: str
    key: str
    query: Mapping[str, Any] = {}
    cursor: tuple[str, str] = ("after", "next")


SORTED = [
    ("/orders", "waiting", "rank", "after", "next"),
    ("/backorders", "newest", "priority", "after", "next"),
    ("/inbound", "due", "newest", "after", "next"),
    ("/orders/backorders", "rank", "oldest", "afterOrders", "nextOrders"),
]

LISTS = [
    *(Listing("/orders", "orders", "orderId", {"sort": sort}) for sort in ("newest", "oldest", "waiting", "rank")),
    *(
        Listing("/backorders", "backorders", "backorderId", {"sort": sort})
        for sort in ("newest", "oldest", "priority")
    ),
    Listing("/orders/backorders", "orders", "orderId", {}, ("afterOrders", "nextOrders")),
    Listing("/orders/backorders", "skus", "sku", {}, ("afterSkus", "nextSkus")),
    Listing("/orders/P-0/attempts", "attempts", "attemptId"),
    Listing("/inventory", "units", "unitId"),
    Listing("/skus", "skus", "sku"),
    Listing("/variants", "variants", "variantId"),
    Listing("/receiving", "sessions", "sessionId"),
    Listing("/inbound", "inbound", "inboundId"),
    Listing("/runs", "runs", "runId"),
]


def add(api: Api, number: int) -> None:
    """Add a row to every list."""
    shop = api.shop.later(minutes=1)
    sku = f"PAGE-{number:02}"
    shop.sells(sku).gets(sku, 1)
    shop.order(f"P-{number}", lines=[NewLine(sku, 3), NewLine("MUG", 1)])
    api.visitor(Role.MANAGER).does("/orders/P-0/allocate")
    shop.do(open_receiving, f"PAGE-{number}")
    shop.do(create_inbound, [NewInbound("PURCHASE_ORDER", f"PAGE-{number}", sku, 2)])
    shop.do(start_run, "ALLOCATE", orders=[f"P-{number}"])


@pytest.fixture(scope="module")
def filled(module_api: Api) -> Api:
    """Books in which every list has some rows."""
    for number in range(7):
        add(module_api, number)
    return module_api


def keys(page: Any, listing: Listing) -> list[Any]:
    """Give what tells the rows of a page apart."""
    return [row[listing.key] for row in page[listing.rows]]


def listing_name(one: Listing) -> str:
    """Give a list as a person would say it."""
    return f"{one.path} {one.rows} {one.query.get('sort', '')}".rstrip()


@pytest.mark.parametrize(("place", "listing"), list(enumerate(LISTS)), ids=map(listing_name, LISTS))
def test_all_rows_come_once_though_others_are_added(filled: Api, place: int, listing: Listing) -> None:
    visitor: Visitor = filled.visitor(Role.READONLY)
    before = keys(visitor.asks(listing.path, limit=1000, **listing.query), listing)
    found: list[Any] = []
    query, pages = {**listing.query, "limit": 2}, 0
    while True:
        page = visitor.asks(listing.path, **query)
        assert len(keys(page, listing)) <= 2
        found += keys(page, listing)
        if pages == 1:
            add(filled, 100 + place)
        pages += 1
        if page[listing.cursor[1]] is None:
            break
        query[listing.cursor[0]] = page[listing.cursor[1]]
    assert len(found) == len(set(found))
    assert len(before) >= 5
    assert [one for one in found if one in before] == before


FORGED: Sequence[str] = [
    "x",
    "bm90IGpzb24",
    "WyJ4IiwieSIsInoiLCJ4IiwieSIsInoiXQ",
    "Wzk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5XQ",
    "WzEsIlxcdTAwMDAiXQ",
]


@pytest.mark.parametrize("listing", LISTS, ids=listing_name)
def test_cursors_of_others_are_refused(filled: Api, listing: Listing) -> None:
    visitor = filled.visitor(Role.READONLY)
    for cursor in FORGED:
        query = {**listing.query, listing.cursor[0]: cursor}
        assert visitor.refused("GET", listing.path, params=query) == (422, "invalid_value"), cursor


@pytest.mark.parametrize(("path", "one", "other", "after", "following"), SORTED, ids=lambda part: str(part))
def test_a_cursor_goes_on_only_in_a_list_that_is_sorted_as_it_was(
    filled: Api, path: str, one: str, other: str, after: str, following: str
) -> None:
    visitor = filled.visitor(Role.READONLY)
    cursor = visitor.asks(path, sort=one, limit=1)[following]
    assert visitor.asks(path, sort=one, limit=1, **{after: cursor})
    asked = {"sort": other, "limit": 1, after: cursor}
    assert visitor.refused("GET", path, params=asked) == (422, "invalid_value")
