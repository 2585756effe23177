"""Boxes: recommended after an order is allocated, found without any wake-up, and never in anybody's way."""

from collections.abc import Sequence
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from makegood.domain.boxes import Box, Goods, NewBox, PackingOutcome, Placement
from makegood.domain.errors import BoxNotFound, InvalidValue, WarehouseNotFound
from makegood.jobs.catalogue import JOBS
from makegood.jobs.station import Station
from makegood.services.boxes.cartonize import cartonize
from makegood.services.boxes.keep_boxes import RECOMMEND_BOXES, add_box, list_boxes, retire_box
from makegood.services.boxes.recommend_boxes import ToPack, pack_orders, recommend_boxes
from makegood.services.boxes.show_packages import OrderPackages, find_packages, show_packages
from makegood.services.edit_order import edit_order
from makegood.services.pick_order import release_to_pick
from tests.shop import Shop

SMALL = NewBox("S", 200, 150, 100, 5000, 100)
LARGE = NewBox("L", 400, 300, 300, 20000, 400)


@pytest.fixture
def packed(shop: Shop) -> Shop:
    """Mugs have dimensions, lids have none; there are a small and a large box."""
    shop.sells("MUG", length_mm=100, width_mm=90, height_mm=90, weight_g=400).sells("LID")
    for box in (SMALL, LARGE):
        shop.do(add_box, box)
    shop.gets("MUG", 50).gets("LID", 9).check()
    return shop


def works(shop: Shop) -> None:
    """Let a worker find boxes."""
    job = next(job for job in JOBS if job.name == RECOMMEND_BOXES)
    job.run(Station(shop.books, clock=lambda: shop.clock))


def seen(shop: Shop, number: str) -> OrderPackages:
    return shop.do(show_packages, number)


def test_an_allocated_order_is_recommended_boxes_and_each_unit_has_its_place(packed: Shop) -> None:
    packed.order("A", MUG=2)
    packed.order("B", MUG=9)
    assert (seen(packed, "A").outcome, seen(packed, "A").current) == ("PENDING", False)
    works(packed)
    small, large = seen(packed, "A"), seen(packed, "B")
    assert (small.outcome, small.current, [one.box for one in small.packages]) == ("PACKED", True, ["S"])
    assert small.packages[0].weight_g == 2 * 400 + 100
    assert [one.box for one in large.packages] == ["L"]
    assert len(large.packages[0].placements) == 9
    assert {(one.line_number, one.sku) for one in large.packages[0].placements} == {(1, "MUG")}


def test_who_is_short_has_no_boxes_until_it_is_allocated(packed: Shop) -> None:
    packed.order("A", MUG=51)
    works(packed)
    assert seen(packed, "A").outcome == "NONE"
    packed.gets("MUG", 1).check()
    works(packed)
    assert seen(packed, "A").outcome == "PACKED"


def test_boxes_are_found_anew_when_the_order_changes(packed: Shop) -> None:
    packed.order("A", MUG=9)
    works(packed)
    packed.do(edit_order, "A", quantities={1: 2})
    assert not seen(packed, "A").current
    works(packed)
    assert [one.box for one in seen(packed, "A").packages] == ["S"]
    packed.do(release_to_pick, ["A"])
    works(packed)
    assert (seen(packed, "A").current, len(seen(packed, "A").packages)) == (True, 1)


def test_a_recommendation_for_an_order_that_has_changed_meanwhile_is_dropped(packed: Shop) -> None:
    packed.order("A", MUG=9)
    order, warehouse, version = packed.rows("SELECT order_id, warehouse_id, xmin::text FROM orders")[0]
    packed.do(edit_order, "A", quantities={1: 2})
    packed.do(pack_orders, [ToPack(order, warehouse, version)])
    assert seen(packed, "A").outcome == "PENDING"


def test_unknown_dimensions_say_so_and_so_does_what_fits_nowhere(packed: Shop) -> None:
    packed.sells("POLE", length_mm=2000, width_mm=20, height_mm=20, weight_g=900).gets("POLE", 1).check()
    packed.order("A", MUG=1, LID=1)
    packed.order("B", POLE=1)
    works(packed)
    assert (seen(packed, "A").outcome, seen(packed, "A").message) == (
        "UNKNOWN_DIMENSIONS", "dimensions or weight are unknown of LID",
    )  # fmt: skip
    assert (seen(packed, "B").outcome, seen(packed, "B").message[:30]) == (
        "TOO_LARGE",
        "units that fit into no box: 1 ",
    )
    packed.do(add_box, NewBox("TUBE", 2100, 100, 100, 9000))
    works(packed)
    assert [one.box for one in seen(packed, "B").packages] == ["TUBE"]
    assert packed.status("A") == "ALLOCATED"


def test_a_failure_is_on_record_and_the_order_stays_allocated(packed: Shop) -> None:
    packed.order("A", MUG=40)
    assert packed.do(recommend_boxes, seconds=0.0) == 1
    assert seen(packed, "A").outcome in ("FAILED", "PACKED")
    packed.gets("MUG", 500).check()
    packed.order("B", MUG=401)
    works(packed)
    assert (seen(packed, "B").outcome, packed.status("B")) == ("TOO_MANY", "ALLOCATED")


def test_without_boxes_nobody_looks(shop: Shop) -> None:
    shop.sells("MUG", length_mm=1, width_mm=1, height_mm=1, weight_g=1).gets("MUG", 1).check()
    shop.order("A", MUG=1)
    assert shop.do(recommend_boxes) == 0
    assert seen(shop, "A").outcome == "NONE"


def test_a_person_need_not_wait_for_a_worker(packed: Shop) -> None:
    packed.order("A", MUG=2)
    assert packed.do(find_packages, "A").outcome == "PACKED"
    packed.do(retire_box, "S")
    assert [one.box for one in packed.do(find_packages, "A").packages] == ["L"]
    assert [(one.code, one.active) for one in packed.do(list_boxes, warehouse="EAST")] == [
        ("S", False),
        ("L", True),
    ]


def test_what_makes_no_sense_is_no_box(packed: Shop) -> None:
    for wrong in (SMALL._replace(length_mm=0), SMALL._replace(weight_g=-1), SMALL._replace(code=" ")):
        with pytest.raises(InvalidValue):
            packed.do(add_box, wrong)
    with pytest.raises(BoxNotFound):
        packed.do(retire_box, "XXL")
    with pytest.raises(WarehouseNotFound):
        packed.do(list_boxes, warehouse="NOWHERE")


GOODS = st.lists(
    st.tuples(
        st.integers(1, 4), st.integers(10, 180), st.integers(10, 140), st.integers(10, 90), st.integers(1, 3000)
    ),
    min_size=1,
    max_size=3,
).map(lambda rows: [Goods(line, *row) for line, row in enumerate(rows, start=1)])


@settings(max_examples=25)
@given(GOODS)
def test_packages_hold_every_unit_once_inside_the_box_and_under_its_weight(goods: list[Goods]) -> None:
    boxes = [Box(1, 200, 150, 100, 4000, 50), Box(2, 400, 300, 200, 9000, 200)]
    made = cartonize(goods, boxes)
    assert made.outcome is PackingOutcome.PACKED
    units = [one.line_id for package in made.packages for one in package.placements]
    assert sorted(units) == sorted(one.line_id for one in goods for _ in range(one.units))
    weights = {one.line_id: one.weight_g for one in goods}
    for package in made.packages:
        box = boxes[package.box_id - 1]
        inside = sum(weights[one.line_id] for one in package.placements)
        assert package.weight_g == inside + box.weight_g
        assert inside <= box.max_weight_g
        assert all(fits(one, box) for one in package.placements)
        assert apart(package.placements)


def fits(one: Placement, box: Box) -> bool:
    ends = (one.x_mm + one.length_mm, one.y_mm + one.width_mm, one.z_mm + one.height_mm)
    return min(one.x_mm, one.y_mm, one.z_mm) >= 0 and all(
        end <= size for end, size in zip(ends, (box.length_mm, box.width_mm, box.height_mm), strict=True)
    )


def apart(placements: Sequence[Placement]) -> bool:
    return not any(overlap(a, b) for a, b in combinations(placements, 2))


def overlap(a: Placement, b: Placement) -> bool:
    return (
        a.x_mm < b.x_mm + b.length_mm
        and b.x_mm < a.x_mm + a.length_mm
        and a.y_mm < b.y_mm + b.width_mm
        and b.y_mm < a.y_mm + a.width_mm
        and a.z_mm < b.z_mm + b.height_mm
        and b.z_mm < a.z_mm + a.height_mm
    )
