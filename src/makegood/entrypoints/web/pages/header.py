"""What the frame of every page holds: the alerts, and the choice of colours."""

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from makegood.entrypoints.web.fields import Word
from makegood.entrypoints.web.visit import THEMES, Reader, own_path
from makegood.services.dashboard.alerts import read_alerts

router = APIRouter()


@router.get("/alerts/head")
def alerts(visit: Reader) -> Response:
    """Show what needs a person now."""
    return visit.show("alerts/head.html", alerts=visit.read(read_alerts))


@router.post("/theme")
def theme(theme: Word, back: Word = "/") -> Response:
    """Keep dark or light colours; it changes nothing but a cookie of the one who asks."""
    answer = RedirectResponse(own_path(back), 303)
    if theme in THEMES:
        answer.set_cookie("theme", theme, max_age=31536000, httponly=True, samesite="lax")
    return answer
