"""What a customer is told of an order that other warehouses help to send."""

from typing import Any

import pytest

from makegood.domain.catalogue import NewLocation, NewWarehouse
from makegood.services.add_catalogue import add_locations, add_warehouses
from makegood.services.merge_order import merge_order
from makegood.services.network.divide_network import divide_network
from tests.mails.post_office import PostOffice, standing, text_of, told
from tests.shop import Shop

ANN: dict[str, Any] = {"customer_email": "ann@example.org"}


@pytest.fixture
def two_sites(telling: Shop) -> Shop:
    """A second warehouse helps out."""
    telling.do(add_warehouses, [NewWarehouse("WEST", network_rank=2)])
    telling.do(add_locations, [NewLocation("B-01", "WEST", "PICKING")])
    return telling


def helps(shop: Shop, **units: int) -> None:
    for sku, count in units.items():
        shop.gets(sku, count, bin="B-01", warehouse="WEST")
    shop.check()


def test_parts_from_elsewhere_are_told_once_with_what_still_comes(two_sites: Shop, office: PostOffice) -> None:
    two_sites.order("A", MUG=3, TEA=1, **ANN)
    with office.open():
        told(two_sites, office.post)
        helps(two_sites, MUG=2)
        two_sites.do(divide_network, "A")
        told(two_sites, office.post)
        told(two_sites, office.post)
    assert office.subjects() == ["Your order A has to wait", "Your order A comes in more than one parcel"]
    text = text_of(office.taken()[1])
    assert "Order A-BO1:\n- MUG: 2\n" in text
    assert text.index("A-BO1") < text.index("comes as order A:") < text.index("- MUG: 1 to come")
    assert "- TEA: 1 to come" in text


def test_an_order_that_another_warehouse_sends_whole_is_complete(two_sites: Shop, office: PostOffice) -> None:
    two_sites.order("A", MUG=2, **ANN)
    with office.open():
        told(two_sites, office.post)
        helps(two_sites, MUG=2)
        two_sites.do(divide_network, "A")
        told(two_sites, office.post)
    assert office.subjects() == ["Your order A has to wait", "Your order A is complete"]


def test_parts_that_were_merged_again_are_not_told(two_sites: Shop, office: PostOffice) -> None:
    two_sites.order("A", MUG=3, **ANN)
    helps(two_sites, MUG=2)
    two_sites.do(divide_network, "A")
    two_sites.do(merge_order, "A-BO1")
    with office.open():
        told(two_sites, office.post)
    assert ("ORDER_DIVIDED", "DROPPED") in standing(two_sites)
    assert office.subjects() == ["Your order A has to wait"]
