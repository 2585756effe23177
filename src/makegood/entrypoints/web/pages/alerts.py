"""/alerts: what needs a person, each condition once."""

from fastapi import APIRouter
from starlette.responses import Response

from makegood.entrypoints.web.fields import Asked
from makegood.entrypoints.web.visit import HouseReader
from makegood.services.alerts.watch import list_alerts

router = APIRouter()


@router.get("/alerts")
def alerts(visit: HouseReader, after: Asked = None) -> Response:
    """List what needs a person, and what did."""
    return visit.show("alerts/list.html", found=visit.read(list_alerts, ended=True, after=after))
