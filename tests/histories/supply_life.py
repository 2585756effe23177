"""What can happen to supply that is due, in the books and in the toy."""

from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from makegood.domain.catalogue import NewLocation, NewWarehouse
from makegood.domain.inbound import NewInbound
from makegood.services.add_catalogue import add_locations, add_warehouses
from makegood.services.backorders.source_backorder import source_backorder
from makegood.services.inbound.cancel_inbound import cancel_inbound
from makegood.services.inbound.create_inbound import create_inbound
from makegood.services.inbound.update_inbound import update_inbound
from makegood.services.receive_inbound import receive_inbound
from tests.histories import toy_supply as rules
from tests.histories.toy import EDITABLE, Heap
from tests.histories.world import World
from tests.services.backorder_stories import number_of

plain = st.sampled_from(("MUG", "LID"))
few = st.integers(1, 6)
some = st.integers(0, 999)


class SupplyLife(World):
    """A second warehouse, WEST, whose stock only leaves by transfers."""

    def __init__(self) -> None:
        super().__init__()
        self.shop.do(add_warehouses, [NewWarehouse("WEST", network_rank=2)])
        self.shop.do(add_locations, [NewLocation("W-01", "WEST", "PICKING")])

    def has_supply(self) -> bool:
        return bool(self.toy.supply)

    @rule(sku=plain, units=few, days=st.sampled_from((None, 2, 40)))
    def supply_is_announced(self, sku: str, units: int, days: int | None) -> None:
        name = f"P{len(self.toy.supply)}"
        due = self.shop.clock.date() + timedelta(days=days) if days else None
        line = NewInbound("PURCHASE_ORDER", name, sku, units, due=due, warehouse="EAST")
        self.both(create_inbound, [line], toy=lambda: rules.announce(self.toy, name, sku, units, due))

    @rule(sku=plain, there=few, units=few)
    def a_transfer_leaves(self, sku: str, there: int, units: int) -> None:
        self.shop.gets(sku, there, bin="W-01", warehouse="WEST")
        self.toy.add((sku, "W-01", "AVAILABLE", None), there)
        name = f"T{len(self.toy.supply)}"
        line = NewInbound("TRANSFER", name, sku, units, warehouse="EAST", from_warehouse="WEST")
        self.both(
            create_inbound, [line], toy=lambda: rules.announce(self.toy, name, sku, units, None, transfer=True)
        )

    @precondition(has_supply)
    @rule(some=some)
    def someone_sources(self, some: int) -> None:
        """Reserve supply for a line that is uncovered, if there is one that it fits."""
        fits = [
            (number, place, name)
            for number, order in self.toy.orders.items()
            # What a COMPLETE order may keep of it is told in a story of its own.
            if order["status"] in EDITABLE and order["policy"] != "COMPLETE"
            for place, line in enumerate(order["lines"])
            for name, supply in self.toy.supply.items()
            if supply["sku"] == line["sku"] and rules.uncovered(line) > 0 and rules.to_come(supply)
        ]
        if fits:
            number, place, name = fits[some % len(fits)]
            line = self.toy.orders[number]["lines"][place]
            line["by_name"] = True
            units = min(rules.uncovered(line), 1 + some % 4)
            self.both(source_backorder, number_of(self.shop, number, place + 1), name, quantity=units,
                      toy=lambda: rules.source(self.toy, number, place, name, units))  # fmt: skip

    @precondition(has_supply)
    @rule(some=some, units=few, bin=st.sampled_from(("A-01", "A-02")), damaged=st.integers(0, 1))
    def supply_comes(self, some: int, units: int, bin: str, damaged: int) -> None:
        name = self.some_supply(some)
        heap: Heap = (self.toy.supply[name]["sku"], bin, "AVAILABLE", None)
        if self.toy.usable(heap):
            told = {"location": bin, "reference": self.reference, "damaged": damaged}
            self.both(receive_inbound, name, units, **told,
                      toy=lambda: rules.receive(self.toy, name, heap, units, damaged))  # fmt: skip

    @precondition(has_supply)
    @rule(some=some)
    def supply_is_cancelled(self, some: int) -> None:
        name = self.some_supply(some)
        self.both(cancel_inbound, name, toy=lambda: rules.cancel(self.toy, name))

    @precondition(has_supply)
    @rule(some=some, less=few)
    def supply_shrinks(self, some: int, less: int) -> None:
        name = self.some_supply(some)
        supply = self.toy.supply[name]
        units = supply["quantity"] - less
        if units >= max(1, supply["received"] + supply["cancelled"]) and rules.to_come(supply):
            self.both(update_inbound, name, quantity=units, toy=lambda: rules.shrink(self.toy, name, units))

    def some_supply(self, some: int) -> str:
        coming = [name for name, supply in self.toy.supply.items() if rules.to_come(supply)]
        names = coming or list(self.toy.supply)
        return names[some % len(names)]
