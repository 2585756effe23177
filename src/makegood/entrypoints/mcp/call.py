"""One call of a tool: a read sees one instant; a write is previewed, or done once; whom it lets go on is told."""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Concatenate, NamedTuple, ParamSpec, TypeVar

from makegood.domain.accounts import Caller, Role, insist_on_role
from makegood.domain.errors import MerchantsLimited
from makegood.domain.plain import as_plain
from makegood.jobs.desk import Desk
from makegood.services.accounts.audit import audit
from makegood.services.once import Answer, Key, once
from makegood.services.preview import previewed
from makegood.services.show_order import Served
from makegood.services.work import Work

P = ParamSpec("P")
T = TypeVar("T")
Told = dict[str, Any]

# More of them than anybody reads are only counted.
MOST_NAMED = 10

PREVIEWED = (
    "Nothing was done: this server only shows what a write would come to, computed for real. "
    "Whoever runs it can let it act: makegood mcp --apply, or MAKEGOOD_AGENTS_APPLY=true for makegood serve."
)
REPEATED = (
    "This was done before under the same idempotency_key: nothing was done now, and this is what it came to then."
)


class Visit(NamedTuple):
    """Who calls, the desk at which that is served, and what serves the queue after a change."""

    caller: Caller
    desk: Desk
    serve: Callable[[], Sequence[Served]]


@dataclass(slots=True, kw_only=True)
class Call:
    """A call of a tool with its arguments; `talk` is what is said beside the answer."""

    visit: Visit
    apply: bool
    tool: str
    arguments: Mapping[str, Any]
    talk: list[str] = field(default_factory=list)

    def insist_on(self, least: Role) -> None:
        """Refuse a caller whose role is too low for what was asked for."""
        insist_on_role(self.visit.caller, least)

    def insist_on_all_merchants(self) -> None:
        """Refuse a caller who may see some merchants only what concerns all of them."""
        if self.visit.caller.merchants is not None:
            raise MerchantsLimited

    def read(self, use_case: Callable[Concatenate[Work, P], T], *args: P.args, **named: P.kwargs) -> T:
        """Read the books as they stand at one instant."""
        return self.visit.desk.read(use_case, *args, **named)

    def write(self, use_case: Callable[Concatenate[Work, P], Told], *args: P.args, **named: P.kwargs) -> Told:
        """Do a use-case, once under the call's idempotency key, or only tell what it would come to."""
        if not self.apply:
            self.talk.append(PREVIEWED)
            return {"would_do": self.visit.desk(lambda work: previewed(work, use_case, *args, **named))}
        answer = self.visit.desk(self._once, lambda work: use_case(work, *args, **named))
        self.talk += [REPEATED] if answer.again else _served(self.visit.serve())
        told: Told = json.loads(answer.body)
        return told

    def _once(self, work: Work, do: Callable[[Work], Told]) -> Answer:
        key = self.arguments.get("idempotency_key")

        def act() -> Answer:
            answer = Answer(200, json.dumps(as_plain(do(work))).encode())
            audit(work, f"tool {self.tool}", self._subject(), {"key": key} if key else {})
            return answer

        return once(work, Key(work.actor, key, self._fingerprint()), act) if key else act()

    def _subject(self) -> str:
        """Name what the call is about, for the audit log."""
        given = (self.arguments.get(name) for name in ("backorder_id", "allocation_id", "order", "sku"))
        return str(next((one for one in given if one is not None), ""))

    def _fingerprint(self) -> bytes:
        """Tell requests apart: the same tool with the same arguments is the same request."""
        request = json.dumps([self.tool, as_plain(self.arguments)], sort_keys=True)
        return hashlib.sha256(request.encode()).digest()


def _got(one: Served) -> str:
    units = "1 unit" if one.units == 1 else f"{one.units} units"
    return f"Order {one.number} got {units} and is {one.status.replace('_', ' ').lower()} now."


def _served(served: Sequence[Served]) -> list[str]:
    told = [_got(one) for one in served[:MOST_NAMED]]
    rest = len(served) - MOST_NAMED
    return [*told, f"{rest} more orders got units."] if rest > 0 else told
