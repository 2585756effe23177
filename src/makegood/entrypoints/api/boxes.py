"""Boxes over HTTP: what a warehouse packs into, and how an order is best packed."""

from collections.abc import Sequence
from typing import Annotated, NamedTuple

from fastapi import Path, Query
from pydantic import Field

from makegood.domain.boxes import NewBox
from makegood.entrypoints.api.bodies import MOST_UNITS, Body, UnitsOrNone, Word
from makegood.entrypoints.api.orders import OrderId
from makegood.services.boxes.keep_boxes import ShownBox, add_box, list_boxes, retire_box
from makegood.services.boxes.show_packages import OrderPackages, find_packages, show_packages
from makegood.services.work import Work

Site = Annotated[Word | None, Query(description="Code of the warehouse.")]
Home = Annotated[Word | None, Query(description="Code of the warehouse; else the first by network rank.")]
Code = Annotated[Word, Path(description="The box's code.", examples=["S"])]
Size = Annotated[int, Field(ge=1, le=MOST_UNITS)]


class BoxList(NamedTuple):
    """What is packed into, the smallest first; millimetres and grams."""

    boxes: Sequence[ShownBox]


class BoxToAdd(Body):
    """A box: its inner dimensions, what may go into it, and what it weighs empty; millimetres and grams."""

    code: Word = Field(examples=["S"])
    length_mm: Size = Field(examples=[300])
    width_mm: Size = Field(examples=[200])
    height_mm: Size = Field(examples=[150])
    max_weight_g: Size = Field(examples=[10000])
    weight_g: UnitsOrNone = 0
    warehouse: Word | None = Field(default=None, description="Else the first by network rank.")


def many(work: Work, warehouse: Site = None) -> BoxList:
    """List the boxes.

    Of one warehouse or of all, the smallest first.
    """
    return BoxList(list_boxes(work, warehouse=warehouse))


def add(work: Work, box: BoxToAdd) -> BoxList:
    """Add a box.

    One that is in the books is brought up to date. Orders for which no box was found are looked at again.
    """
    add_box(work, NewBox(**box.model_dump()))
    return BoxList(list_boxes(work, warehouse=box.warehouse))


def retire(work: Work, box: Code, warehouse: Home = None) -> BoxList:
    """Use a box no more.

    Recommendations with it stay until their order changes.
    """
    retire_box(work, box, warehouse=warehouse)
    return BoxList(list_boxes(work, warehouse=warehouse))


def packages(work: Work, order: OrderId) -> OrderPackages:
    """Show how an order is best packed.

    Which boxes, and where in them each unit goes; or the reason why there are none.
    """
    return show_packages(work, order)


def pack(work: Work, order: OrderId) -> OrderPackages:
    """Look for boxes again.

    For an ALLOCATED order, now, and not when the queue comes to it.
    """
    return find_packages(work, order)
