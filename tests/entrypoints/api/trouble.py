"""A shop in which everything that can be refused stands ready; no refusal changes it, so one is enough for all."""

from datetime import timedelta
from typing import Any

from makegood.domain.accounts import Role
from makegood.domain.alternatives import NewAlternative
from makegood.domain.catalogue import NewLocation, NewVariant, NewWarehouse
from makegood.domain.inbound import NewInbound
from makegood.domain.sessions import CountedLine, ReceivedLine, ReturnedLine
from makegood.domain.splits import Consent
from makegood.services.add_catalogue import add_locations, add_variants, add_warehouses
from makegood.services.adjust_stock import adjust_stock
from makegood.services.alternatives.keep_alternatives import add_alternatives
from makegood.services.backorders.create_backorder import create_for_line
from makegood.services.cancel_order import cancel_order
from makegood.services.count_stock import add_counted, count, open_count, reject_count
from makegood.services.hold_order import hold_order
from makegood.services.inbound.cancel_inbound import cancel_inbound
from makegood.services.inbound.create_inbound import create_inbound
from makegood.services.pick_order import confirm_pick, release_to_pick, ship_order
from makegood.services.receive_stock import add_received, open_receiving, receive, reject_receiving
from makegood.services.return_stock import add_returned, open_return, reject_return, take_back
from makegood.services.runs.start_run import start_run
from makegood.services.runs.steer_run import cancel_run
from makegood.services.set_stock_aside import damage_stock
from makegood.services.split_order import split_order
from tests.entrypoints.api.visitors import Api
from tests.services.backorder_stories import lapses, number_of
from tests.shop import Shop


class Trouble:
    """The shop, a manager who calls, and ids of what stands ready by the names that the table of refusals uses."""

    def __init__(self, api: Api) -> None:
        self.api, self.shop = api, api.shop
        self.manager = api.visitor(Role.ADMIN)
        self.ids: dict[str, Any] = {}
        self._catalogue(self.shop)
        self._orders(self.shop)
        self._backorders(self.shop)
        self._stock(self.shop)
        self._sessions(self.shop)
        self._inbound(self.shop)
        self._runs(self.shop)

    def named(self, value: Any) -> Any:
        """Give the id behind `@name`; anything else stays."""
        return self.ids[value[1:]] if isinstance(value, str) and value.startswith("@") else value

    def _catalogue(self, shop: Shop) -> None:
        shop.sells("URN").sells("JAR", barcodes=["4006"])
        shop.gets("JAR", 2)
        shop.order("OTHERS", URN=1)
        shop.change("INSERT INTO merchants (code) VALUES ('zebra')")
        shop.do(add_variants, [NewVariant("MUG", merchant="zebra"), NewVariant("ZED", merchant="zebra")])
        shop.sells("POT", "CUP", "KEG").sells("LOTTED", lot_tracked=True)
        shop.do(add_warehouses, [NewWarehouse("WEST", network_rank=2)])

    def _orders(self, shop: Shop) -> None:
        for merchant in ("default", "zebra"):
            shop.order("TWICE", MUG=1, merchant=merchant)
        shop.order("WAITS", MUG=3)
        shop.order("UNKNOWN", NOSUCH=2)
        shop.gets("LID", 9)
        for number in ("READY", "PICKED", "SHIPPED", "GONE"):
            shop.order(number, LID=1)
        shop.do(create_for_line, "READY", 1)
        self.ids["bo_ready"] = number_of(shop, "READY")
        shop.order("HELD", MUG=1)
        shop.do(hold_order, "HELD", because="a question")
        shop.do(release_to_pick, ["READY", "PICKED", "SHIPPED"])
        shop.do(confirm_pick, ["PICKED", "SHIPPED"])
        shop.do(ship_order, ["SHIPPED"])
        shop.do(cancel_order, "GONE")
        shop.order("FULL", LID=1)
        shop.order("PARTED", LID=1, MUG=1)
        shop.do(split_order, "PARTED", consent=Consent(by="Ada", how="phone", at=shop.clock))
        shop.do(release_to_pick, ["PARTED"])
        shop.order("WHOLE", POT=2, ship_policy="COMPLETE")
        shop.gets("POT", 2)

    def _backorders(self, shop: Shop) -> None:
        shop.gets("CUP", 2)
        shop.order("KEEPER", CUP=5, ship_policy="COMPLETE", when_short="reserve", placed=shop.clock - timedelta(1))
        shop.order("LATER", CUP=1)
        shop.order("OVER", KEG=1)
        over = number_of(shop, "OVER")
        shop.do(cancel_order, "OVER")
        numbers = {name.lower(): number_of(shop, name) for name in ("WAITS", "LATER", "HELD")}
        self.ids |= {f"bo_{name}": number for name, number in numbers.items()} | {"bo_over": over}
        shop.order("LAPSING", LID=1)
        lapses(shop, "LAPSING", shop.clock - timedelta(hours=1))
        for name in ("FULL", "GONE", "LAPSING", "READY"):
            self.ids[f"allocation_{name.lower()}"] = shop.value(
                "SELECT max(allocation_id) FROM allocations JOIN order_lines USING (line_id) "
                "JOIN orders USING (order_id) WHERE number = %s",
                name,
            )

    def _stock(self, shop: Shop) -> None:
        for lot in ("L1", "L2"):
            shop.gets("LOTTED", 1, lot=lot)
        where = "SELECT min(unit_id) FROM inventory_units WHERE variant_id = %s AND status = %s"
        self.ids["unit"] = shop.value(where, shop.variant("LID"), "AVAILABLE")
        shop.do(damage_stock, "LID", 1, location="A-01")
        self.ids["unit_damaged"] = shop.value(where, shop.variant("LID"), "DAMAGED")
        self.ids["unit_picked"] = shop.value(where, shop.variant("LID"), "PICKED")

    def _sessions(self, shop: Shop) -> None:
        shop.do(open_receiving, "D-1")
        shop.do(add_received, "D-1", [ReceivedLine("MUG", 1, "DOCK", key="k1")])
        shop.do(open_receiving, "D-2")
        shop.do(reject_receiving, "D-2")
        shop.do(receive, "D-3", [ReceivedLine("MUG", 1, "DOCK")])
        shop.do(open_return, "R-1")
        shop.do(add_returned, "R-1", [ReturnedLine("MUG", 1, "DOCK", key="k1")])
        shop.do(open_return, "R-2")
        shop.do(reject_return, "R-2")
        shop.do(take_back, "R-3", [ReturnedLine("MUG", 1, "DOCK")])
        shop.gets("KEG", 2, bin="DOCK")
        shop.do(open_count, "C-1")
        shop.do(add_counted, "C-1", [CountedLine("KEG", 0, "DOCK", key="k1")])
        shop.do(adjust_stock, "KEG", -1, location="DOCK", reason="it leaked")
        shop.do(open_count, "C-2")
        shop.do(reject_count, "C-2")
        shop.do(count, "C-3", [CountedLine("MUG", 2, "DOCK")])

    def _inbound(self, shop: Shop) -> None:
        bought = [("PO-MUG", "MUG", 9), ("PO-LID", "LID", 9), ("PO-GONE", "MUG", 1), ("PO-FEW", "MUG", 1)]
        shop.do(create_inbound, [NewInbound("PURCHASE_ORDER", *one) for one in bought])
        shop.do(create_inbound, [NewInbound("PURCHASE_ORDER", "PO-TWO", "MUG", 1, line) for line in (1, 2)])
        shop.do(
            create_inbound, [NewInbound("TRANSFER", "TR-1", "JAR", 1, warehouse="WEST", from_warehouse="EAST")]
        )
        shop.do(add_alternatives, [NewAlternative("URN", "LID")])
        shop.do(cancel_inbound, "PO-GONE")
        shop.do(add_locations, [NewLocation("W-01", "WEST")])
        shop.gets("JAR", 1, bin="W-01", warehouse="WEST")
        shop.do(create_inbound, [NewInbound("TRANSFER", "TR-GONE", "JAR", 1, from_warehouse="WEST")])
        shop.do(open_receiving, "D-4")
        shop.do(add_received, "D-4", [ReceivedLine("JAR", 1, "DOCK", inbound="TR-GONE")])
        shop.do(cancel_inbound, "TR-GONE")

    def _runs(self, shop: Shop) -> None:
        ended, going = (shop.do(start_run, "ALLOCATE", orders=["WAITS"]).run_id for _ in range(2))
        shop.do(cancel_run, ended)
        self.ids |= {"run_ended": ended, "run_going": going}
