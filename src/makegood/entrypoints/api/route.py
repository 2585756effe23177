"""A route: one row says all of it, and one way turns every row into an endpoint.

An endpoint of ours is a plain function of `work` and of what came in; it gives a record. It runs inside the one
transaction of its request, which is done again when the books change under it, so it does nothing but use-cases.
"""

import hashlib
import inspect
from collections.abc import Callable, Coroutine, Mapping, Sequence
from typing import Annotated, Any, NamedTuple, get_args, get_origin

from fastapi import APIRouter, Header
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import Message

from makegood.domain.accounts import Caller, Role, insist_on_role
from makegood.domain.errors import MakegoodError, MerchantsLimited
from makegood.entrypoints.api.described import problems_of
from makegood.entrypoints.api.shapes import shape, writer
from makegood.entrypoints.lobby.admission import address_of, recognise
from makegood.entrypoints.lobby.front import Front
from makegood.services.accounts.audit import audit
from makegood.services.once import Answer, Key, once
from makegood.services.work import Work

SAFE = frozenset({"GET", "HEAD"})
CSV = "text/csv"
# Of a request that only asked what it would come to: nothing was made and nothing was begun.
SHOWN = 200

IdempotencyKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=200,
        description="A key of your own. The same request under the same key is done once and answered the same.",
        examples=["9f0c2d7e"],
    ),
]


class Route(NamedTuple):
    """One row of the table: address, what is done, the least role, and what it may refuse.

    Without a least role it is open to anyone. With `whole_house` it concerns all merchants, and a caller who is
    limited to some is refused. `uploads` says that a file comes, which may be larger than other bodies. What is
    `secret` goes under no key, because the request's fingerprint and its answer would be kept. `gives` and `media`
    are for functions that write their answer themselves, `takes` for those that read the body themselves: media
    types, several with commas. What is `tabular` writes its record as CSV for whoever accepts that first.
    """

    method: str
    path: str
    do: Callable[..., Any]
    least: Role | None
    tag: str
    refuses: Sequence[type[MakegoodError]] = ()
    status: int = 200
    whole_house: bool = False
    uploads: bool = False
    secret: bool = False
    gives: Any = ...
    media: str | None = None
    takes: str | None = None
    tabular: Callable[[Any], str] | None = None

    @property
    def changes(self) -> bool:
        """Whether it may write."""
        return self.method not in SAFE

    @property
    def keyed(self) -> bool:
        """Whether it is done once under a key of the caller's; one that is called as it is sees to that itself."""
        return self.changes and not self.secret and "work" in inspect.signature(self.do).parameters


def register(router: APIRouter, route: Route) -> None:
    """Put a row of the table up. The endpoint knows no books: the application that it stands in does."""
    told = inspect.getdoc(route.do) or ""
    summary, _, description = told.partition("\n\n")
    router.add_api_route(
        route.path,
        _endpoint(route),
        methods=[route.method],
        status_code=route.status,
        response_model=None if route.media else shape(_gives(route)),
        response_class=Response if route.media else JSONResponse,
        responses=_answers(route),
        tags=[route.tag],
        summary=" ".join(summary.split()).rstrip("."),
        description=description or None,
        operation_id=f"{route.tag}_{route.do.__name__}".replace(" ", "_").strip("_"),
        openapi_extra=_extra(route),
        route_class_override=_guarded(route),
    )


def _answers(route: Route) -> dict[int | str, dict[str, Any]]:
    refused = problems_of(route.refuses, keyed=route.keyed, changes=route.changes, known=bool(route.least))
    media = route.media or (CSV if route.tabular else None)
    if media:
        return {route.status: {"content": _raw(media)}, **refused}
    if "would_do" in getattr(_gives(route), "_fields", ()):
        return {SHOWN: {"model": shape(_gives(route)), "description": "What it would come to."}, **refused}
    return refused


def _extra(route: Route) -> dict[str, Any]:
    """Give what OpenAPI says of a route that FastAPI cannot know: its least role, and a body that it does not
    read."""
    role: dict[str, Any] = {"x-least-role": route.least.value} if route.least else {"security": []}
    return role | ({"requestBody": {"content": _raw(route.takes), "required": True}} if route.takes else {})


def _raw(media: str) -> dict[str, Any]:
    return {one: {"schema": {"type": "string"}} for one in media.split(", ")}


def _guarded(route: Route) -> type[APIRoute]:
    """Give the kind of route that lets nobody in before it is known who calls and how much they may do."""

    class Guarded(APIRoute):
        def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
            handle = super().get_route_handler()
            known = {one.alias: _is_list(one.field_info.annotation) for one in self.dependant.query_params}
            reads = self.body_field is not None

            async def guarded(request: Request) -> Response:
                front: Front = request.app.state.front
                request = _held_to(request, front.rules.most_upload if route.uploads else front.rules.most_body)
                if route.least is None:
                    front.limits.count(f"address {address_of(request)}")
                else:
                    request.state.caller = await run_in_threadpool(_admit, front, route, request, route.least)
                if route.keyed and "idempotency-key" in request.headers:
                    request.state.fingerprint = _fingerprint(request, await request.body())
                _insist_on_known(request, known)
                if reads:
                    _insist_on_json(request)
                return await handle(request)

            return guarded

    return Guarded


def _insist_on_known(request: Request, known: Mapping[str, bool]) -> None:
    """Refuse a filter that nobody reads, as a misspelled field is, and one that comes twice where one is read;
    `known` says of each whether it may."""
    said = f"is none of: {', '.join(sorted(known))}" if known else "is not read here"
    faults = {name: said for name in request.query_params if name not in known}
    for name, may in known.items():
        if not may and len(request.query_params.getlist(name)) > 1:
            faults[name] = "is given more than once, and one is read"
    if faults:
        told = [{"type": "query", "loc": ("query", name), "msg": words} for name, words in sorted(faults.items())]
        raise RequestValidationError(told)


def _is_list(kind: Any) -> bool:
    return any(get_origin(one) is list for one in (kind, *get_args(kind)))


def _insist_on_json(request: Request) -> None:
    """Refuse a body of another kind in so many words, instead of taking it for none."""
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    comes = request.headers.get("content-length", "0") != "0" or "transfer-encoding" in request.headers
    if comes and media != "application/json" and not media.endswith("+json"):
        raise HTTPException(415)


def _held_to(request: Request, most: int) -> Request:
    """Give the request with a body that is refused once it is larger than this, whether or not it told so."""
    if int(request.headers.get("content-length", "0")) > most:
        raise HTTPException(413)
    taken = 0

    async def receive() -> Message:
        nonlocal taken
        message = await request.receive()
        taken += len(message.get("body", b""))
        if taken > most:
            raise HTTPException(413)
        return message

    return Request(request.scope, receive)


def _admit(front: Front, route: Route, request: Request, least: Role) -> Caller:
    caller = recognise(front, request)
    insist_on_role(caller, least)
    if route.whole_house and caller.merchants is not None:
        raise MerchantsLimited
    return caller


def _fingerprint(request: Request, body: bytes) -> bytes:
    """Tell requests apart: the same method, address and body are the same request."""
    told = [request.method, request.url.path, request.url.query, request.headers.get("content-type", "")]
    return hashlib.sha256("\n".join(told).encode() + b"\n\n" + body).digest()


def _gives(route: Route) -> Any:
    if route.gives is not ...:
        return route.gives
    return inspect.signature(route.do, eval_str=True).return_annotation


def _endpoint(route: Route) -> Callable[..., Any]:
    """Give the function that FastAPI calls: ours within its transaction, its record written as JSON."""
    signature = inspect.signature(route.do, eval_str=True)
    taken = signature.parameters
    if "work" not in taken:
        return route.do
    write = writer(signature.return_annotation)

    def endpoint(request: Request, **given: Any) -> Response:
        def do(work: Work) -> Answer:
            known = {"request": request, "caller": caller}
            own = {name: known[name] for name in known if name in taken}
            made = route.do(work, **given, **own)
            if route.tabular and media == CSV:
                return Answer(route.status, route.tabular(made).encode())
            status = SHOWN if getattr(made, "would_do", None) else route.status
            return Answer(status, b"" if status == 204 else write(made))

        caller: Caller | None = getattr(request.state, "caller", None)
        front: Front = request.app.state.front
        desk = front.desk_of(caller) if caller else front.desk("visitor")
        media = CSV if route.tabular and wants_csv(request.headers.get("accept", "")) else "application/json"
        if not route.changes:
            return _response(desk.read(do), media)
        key = given.pop("idempotency_key", None)
        return _response(desk(_change, route, request, key, do))

    own = [one for name, one in taken.items() if name not in ("work", "request", "caller")]
    asks = inspect.Parameter("request", inspect.Parameter.KEYWORD_ONLY, annotation=Request)
    keyed = inspect.Parameter(
        "idempotency_key", inspect.Parameter.KEYWORD_ONLY, annotation=IdempotencyKey, default=None
    )
    extra = [asks, keyed] if route.keyed else [asks]
    parameters = [one.replace(kind=inspect.Parameter.KEYWORD_ONLY) for one in own]
    vars(endpoint)["__signature__"] = inspect.Signature([*parameters, *extra])
    return endpoint


def _change(work: Work, route: Route, request: Request, key: str | None, do: Callable[[Work], Answer]) -> Answer:
    """Do a change once and put it on record, in one transaction with its answer."""

    def act() -> Answer:
        answer = do(work)
        audit(
            work,
            f"{route.method} {route.path}",
            # Where anyone may come, what stands in the address is what lets them.
            request.url.path if route.least else route.path,
            {"status": answer.status, **({"key": key} if key else {})},
            request_id=request.scope.get("request_id"),
        )
        return answer

    if key is None:
        return act()
    return once(work, Key(work.actor, key, request.state.fingerprint), act)


def wants_csv(accept: str) -> bool:
    """Tell whether a caller names CSV, and before JSON.

    >>> wants_csv("text/csv"), wants_csv("application/json, text/csv"), wants_csv("*/*")
    (True, False, False)
    """
    named = [one.partition(";")[0].strip().lower() for one in accept.split(",")]
    return CSV in named and "application/json" not in named[: named.index(CSV)]


def _response(answer: Answer, media: str = "application/json") -> Response:
    headers: Mapping[str, str] = {"Idempotency-Replayed": "true"} if answer.again else {}
    return Response(answer.body, answer.status, dict(headers), media if answer.body else None)
