"""What a person is told when something is refused: in place where a script asks, else on a page."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from makegood.domain.errors import Denied, MakegoodError, NotAllowed, NotSignedIn
from makegood.entrypoints.lobby.problems import status_of
from makegood.entrypoints.web.visit import DoneBefore, shown_to_anybody, told_in_place, visit_of

# What helps, where the sentence of the error does not say so itself.
REMEDIES: Mapping[str, str] = {
    "books_busy": "Nothing was done. Try again in a moment.",
    "count_outdated": "Count it again: the books have moved since.",
    "database_unavailable": "Try again in a moment. If it stays so, ask whoever runs the server.",
    "key_reused": "Load the page anew, see whether what you sent first was done, and send the rest.",
    "law_broken": "Nothing was done. Please report it: this is a defect of makegood.",
    "not_allowed": "Ask an administrator for a higher role.",
    "nothing_short": "It can go out whole: release it to picking.",
    "nothing_to_ship": "Split it by quantities, or wait until one line is full.",
    "csrf_missing": "The page was open for too long. Load it again.",
}
# Where customers come by a link, and have no other page to go to.
CUSTOMERS = ("/consents/", "/no-more-mails/")
# Then the books are out of reach or were asked too often, and nothing more is read in them.
WITHOUT_FRAME = (429, 500, 503)
# What the error says to a program is said to a person in other words.
WORDS: Mapping[str, str] = {"key_reused": "This form was sent before, filled in differently"}


def done_before(_request: Request, sent: DoneBefore) -> Response:
    """Answer a form that was sent again as it was answered the first time."""
    return sent.visit.again(sent.told)


def refused(request: Request, error: MakegoodError) -> Response:
    """Tell what the house refuses; who is not signed in is led to where one signs in."""
    if isinstance(error, NotSignedIn):
        return _to_sign_in(request)
    status = status_of(type(error))
    words, remedy = WORDS.get(error.code, str(error)), REMEDIES.get(error.code, "")
    return told(request, status, _title(request, error, status), words, remedy)


def _title(request: Request, error: MakegoodError, status: int) -> str:
    if isinstance(error, NotAllowed | Denied):
        return "You may not do this"
    return "There is no such thing" if status == 404 and request.method == "GET" else "This could not be done"


def misread(request: Request, error: RequestValidationError) -> Response:
    """Tell which fields make no sense."""
    faults = "; ".join(f"{one['loc'][-1]}: {one['msg']}" for one in error.errors())
    return told(request, 422, "Something in the form makes no sense", faults, "Go back and put it right.")


def unanswered(request: Request, error: HTTPException) -> Response:
    """Tell that there is no such page."""
    return told(request, error.status_code, "There is no such page", request.url.path, "")


def broken(request: Request, _error: Exception) -> Response:
    """Tell of a defect without telling what it was; the log tells it under the request's id."""
    number = request.scope.get("request_id", "")
    return told(
        request, 500, "This is a defect of makegood", "Nothing was changed.", f"Please report it: {number}"
    )


def told(request: Request, status: int, title: str, words: str, remedy: str) -> Response:
    """Tell it where it is read: in the open dialog, as a toast, or as a page."""
    sentence = " ".join(one for one in (words.rstrip(".") + ".", remedy) if one)
    if request.headers.get("hx-request") == "true":
        in_dialog = "#dialog" in request.headers.get("hx-target", "") and request.method == "POST"
        shown = {"troubled": {"words": sentence}} if in_dialog else {"said": {"words": sentence, "kind": "bad"}}
        return told_in_place(shown, status, HX_Reswap="none")
    home = not request.url.path.startswith(CUSTOMERS)
    facts: dict[str, Any] = {"status": status, "title": title, "words": words, "remedy": remedy, "home": home}
    known = None if status in WITHOUT_FRAME else visit_of(request)
    return known.show("refused.html", **facts) if known else shown_to_anybody(request, "refused.html", **facts)


def _to_sign_in(request: Request) -> Response:
    back = request.url.path if request.method == "GET" else "/"
    query = f"?{request.url.query}" if request.method == "GET" and request.url.query else ""
    where = f"/login?next={quote(back + query)}"
    if request.headers.get("hx-request") == "true":
        return told_in_place({}, 401, HX_Redirect="/login")
    return RedirectResponse(where, 303)
