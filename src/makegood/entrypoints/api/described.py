"""What OpenAPI says of refusals: for each route its own statuses and codes, with an example of each."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from makegood.domain.errors import (
    BooksBusy,
    CsrfMissing,
    DatabaseUnavailable,
    KeyReused,
    MakegoodError,
    MerchantsLimited,
    NotAllowed,
    NotSignedIn,
    TooManyTries,
)
from makegood.entrypoints.lobby.problems import PROTOCOL, REMEDIES, status_of, title_of

OPEN: Sequence[type[MakegoodError]] = (TooManyTries, BooksBusy, DatabaseUnavailable)
CLOSED: Sequence[type[MakegoodError]] = (NotSignedIn, NotAllowed, MerchantsLimited, *OPEN)


class Problem(BaseModel):
    """A refusal in the form of RFC 9457; `code` is stable, `facts` say why, `remedy` what to do."""

    model_config = ConfigDict(extra="allow")

    type: str = Field(description="Where the code is documented.", examples=["/docs/errors#wrong_state"])
    title: str = Field(description="What the code means; the same words each time.")
    status: int
    detail: str = Field(description="What happened, in a sentence.")
    instance: str = Field(description="The path that was asked for.")
    code: str = Field(description="The stable name of the refusal.", examples=["wrong_state"])
    facts: dict[str, Any] = Field(default_factory=dict, description="The facts of it, by name.")
    errors: list[dict[str, str]] = Field(
        default_factory=list, description="Each field that makes no sense, with why; for `invalid_request`."
    )
    remedy: str = Field(description="What to do about it.")
    requestId: str | None = Field(default=None, description="Also in the X-Request-Id header and in the log.")


def problems_of(
    refuses: Sequence[type[MakegoodError]], *, keyed: bool, changes: bool, known: bool
) -> dict[int | str, dict[str, Any]]:
    """Give the documented refusals of a route, by status; `known` says that it lets nobody in unknown."""
    found: dict[int, list[tuple[str, str, str]]] = defaultdict(list)
    everywhere = (*(CLOSED if known else OPEN), *((CsrfMissing,) if changes and known else ()))
    for error in {*refuses, *everywhere, *((KeyReused,) if keyed else ())}:
        found[status_of(error)].append((error.code, title_of(error), REMEDIES.get(error.code, "")))
    for status in (400, 422, 500, *((413, 415) if changes else ())):
        found[status].append((PROTOCOL[status].code, PROTOCOL[status].title, PROTOCOL[status].remedy))
    return {status: _response(status, sorted(codes)) for status, codes in sorted(found.items())}


def _response(status: int, codes: Sequence[tuple[str, str, str]]) -> dict[str, Any]:
    examples = {
        code: {
            "summary": title,
            "value": {
                "type": f"/docs/errors#{code}",
                "title": title,
                "status": status,
                "detail": title,
                "instance": "/orders",
                "code": code,
                "remedy": remedy,
            },
        }
        for code, title, remedy in codes
    }
    said = "\n".join(f"- `{code}`: {title}" for code, title, _ in codes)
    schema = {"$ref": "#/components/schemas/Problem"}
    return {
        "description": said,
        "content": {"application/problem+json": {"schema": schema, "examples": examples}},
    }
