"""One of several processes that do the same to the same supply, until it is done or somebody kills them.

`python -m tests.services.supply_process VERB CONNINFO NAME…` says that it is ready, and begins when its standard
input ends. So those that are to meet do meet, however long each took to start.
"""

import sys
from collections.abc import Callable, Mapping
from contextlib import suppress

from makegood.domain.errors import MakegoodError
from makegood.services.backorders.fulfil_backorder import fulfil_backorder
from makegood.services.inbound.cancel_inbound import cancel_inbound
from makegood.services.receive_inbound import receive_inbound
from makegood.store.database import Database
from tests.shop import MONDAY, Shop


def receive(shop: Shop, name: str) -> None:
    """Receive a line in two deliveries, each under a number that all share."""
    for part in (1, 2):
        shop.do(receive_inbound, name, 1, location="A-01", reference=f"D-{name}-{part}")


def cancel(shop: Shop, name: str) -> None:
    shop.do(cancel_inbound, name)


def fulfil(shop: Shop, number: str) -> None:
    shop.do(fulfil_backorder, number, quantity=1, source="PURCHASE_ORDER", source_id="PO-7")


VERBS: Mapping[str, Callable[[Shop, str], None]] = {"receive": receive, "cancel": cancel, "fulfil": fulfil}


if __name__ == "__main__":
    verb, conninfo, *names = sys.argv[1:]
    shop = Shop.__new__(Shop)
    shop.books, shop.clock = Database(conninfo), MONDAY
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.read()
    for name in names:
        with suppress(MakegoodError):
            VERBS[verb](shop, name)
