"""/backorders/unlock: the backorders of which some lines could go out now, and dividing them."""

from fastapi import APIRouter
from starlette.responses import Response

from makegood.entrypoints.web.fields import Asked
from makegood.entrypoints.web.visit import Reader
from makegood.services.list_unlockable import count_unlockable, list_unlockable
from makegood.services.show_stock import list_warehouses

router = APIRouter()

# More of them are shown as "100+".
COUNTED = 100


@router.get("/backorders/unlock")
def unlock(visit: Reader, warehouse: Asked = None, after: Asked = None) -> Response:
    """Show what is ready and what is short of each order that can be divided."""
    found = visit.read(list_unlockable, warehouse=warehouse, after=after)
    warehouses = [one.code for one in visit.read(list_warehouses)]
    return visit.show("backorders/unlock.html", found=found, warehouses=warehouses)


@router.get("/backorders/unlock/button")
def button(visit: Reader) -> Response:
    """Give the button that leads there: with its count, and only when there is something to unlock."""
    count = visit.read(count_unlockable, enough=COUNTED)
    return visit.show("backorders/unlock_button.html", count=min(count, COUNTED), more=count > COUNTED)
