"""Every page that a person can open, as the browser tests look at it; the story fills in `{…}`."""

from collections.abc import Sequence

from makegood.domain.alternatives import NewAlternative
from makegood.domain.boxes import NewBox
from makegood.domain.inbound import InboundKind, NewInbound
from makegood.domain.sessions import ReceivedLine
from makegood.services.alternatives.keep_alternatives import add_alternatives
from makegood.services.boxes.keep_boxes import add_box
from makegood.services.count_stock import open_count
from makegood.services.inbound.create_inbound import create_inbound
from makegood.services.receive_stock import add_received, open_receiving
from makegood.services.return_stock import open_return
from makegood.services.runs.start_run import start_run
from tests.shop import Shop

PAGES: Sequence[str] = (
    "/backorders",
    "/backorders?tab=orders",
    "/backorders?tab=orders&q=nobody",
    "/backorders/skus/MUG",
    "/orders",
    "/orders/{order}",
    "/orders/{order}/split",
    "/orders/{order}/hold",
    "/orders/{order}/cancel",
    "/orders/{order}/snooze",
    "/orders/{order}/short",
    "/orders/{order}/force?backorder={backorder}&quantity=1",
    "/holds",
    "/queue",
    "/notifications",
    "/notifications/opt-outs",
    "/settings/mails",
    "/settings/mails/DELAY_NOTICE",
    "/alerts",
    "/reports",
    "/reports/monthly",
    "/reports/quarterly",
    "/reports/aging",
    "/reports/reorder-priority",
    "/reports/service-level",
    "/reports/inflows",
    "/reports/trend",
    "/reports/unattended",
    "/reports/orders?figure=waiting",
    "/imports",
    "/inbound",
    "/inbound/{line}",
    "/receiving",
    "/receiving/{delivery}",
    "/receiving/{delivery}/lines/{figure}",
    "/counts",
    "/counts/C-1",
    "/returns",
    "/returns/R-1",
    "/inventory",
    "/inventory?sku=MUG",
    "/inventory/{unit}",
    "/settings/users",
    "/settings/users/ann",
    "/settings/tokens",
    "/settings/warehouses",
    "/settings/warehouses/change?code=EAST",
    "/settings/locations",
    "/settings/locations/change?warehouse=EAST&code=A-01",
    "/settings/boxes",
    "/settings/boxes/change?warehouse=EAST&code=S",
    "/settings/alternatives",
    "/settings/business",
    "/settings/webhooks",
    "/settings/mails",
    "/notifications",
    "/notifications/opt-outs",
    "/backorders/unlock",
    "/runs",
    "/runs/{run}",
    "/runs/new?kind=ALLOCATE&all=1",
    "/runs/new?kind=SEND_AVAILABLE&all=1",
)


def furnish(shop: Shop) -> dict[str, object]:
    """Let there be something to see on every page of a shop of mugs and lids; give what `{…}` stands for."""
    shop.do(add_box, NewBox("S", 210, 110, 110, 5_000, warehouse="EAST"))
    shop.do(add_alternatives, [NewAlternative("MUG", "LID", needs_consent=False)])
    shop.gets("MUG", 1).order("SHOWN", customer_name="Ada <b>", MUG=3)
    shop.do(open_receiving, "D-1")
    shop.do(add_received, "D-1", [ReceivedLine("LID", 2, "A-01", key="f1")])
    shop.do(open_count, "C-1")
    shop.do(open_return, "R-1")
    due = shop.do(create_inbound, [NewInbound(InboundKind.PRODUCTION, "P-1", "MUG", 5)])[0]
    return {
        "order": "SHOWN",
        "backorder": shop.value("SELECT number FROM backorders ORDER BY 1 LIMIT 1"),
        "delivery": "D-1",
        "figure": "f1",
        "line": due.inbound_line_id,
        "unit": shop.value("SELECT min(unit_id) FROM inventory_units WHERE quantity > 0"),
        "run": shop.do(start_run, "ALLOCATE", orders=["SHOWN"]).run_id,
    }
