"""See what a run would come to: its first orders are done for real, together and in their turn, and undone."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from makegood.domain.runs import OrderChoice, RunKind, RunResult
from makegood.domain.splits import Consent
from makegood.services.gates import hold_gates
from makegood.services.preview import previewed
from makegood.services.runs.kinds import KINDS, Terms, plain, read_kind, read_terms
from makegood.services.runs.serve_run import noted, try_order
from makegood.services.runs.start_run import choose
from makegood.services.work import Work

# The gates of so many orders are held for well under a quarter of a second.
MOST_PREVIEWED = 20


class RunPreview(NamedTuple):
    """What the first `looked_at` of `total` orders would come to; nothing was written."""

    kind: str
    total: int
    looked_at: int
    results: Sequence[RunResult]


def preview_run(
    work: Work,
    kind: str,
    *,
    orders: Sequence[str] = (),
    choice: OrderChoice | None = None,
    terms: Mapping[str, object] | None = None,
    most: int = MOST_PREVIEWED,
) -> RunPreview:
    """Tell what a run would do to its first `most` orders, best ranked first, and leave the books as they are.

    It is done in one transaction, so that what one order takes is not there for the next.
    """
    what = read_kind(kind)
    given = dict(terms or {})
    if "consent" in KINDS[what].terms.__struct_fields__ and given.get("consent") is None:
        # Nobody has to be asked for what is undone.
        given["consent"] = Consent(by=work.actor, how="preview", at=work.as_of)
    asked = read_terms(what, given)
    return previewed(work, _try_first, what, asked, orders, choice, min(most, MOST_PREVIEWED))


def _try_first(
    work: Work, kind: RunKind, terms: Terms, orders: Sequence[str], choice: OrderChoice | None, most: int
) -> RunPreview:
    chosen = choose(work, kind, orders, choice)
    rows = work.db.all("first_orders", orders=list(chosen.orders), most=most)
    # All gates first and in their order: the orders are tried by rank, and nobody must wait for us in a ring.
    hold_gates(work, work.db.all("queues_of_orders", orders=[row[0] for row in rows]))
    results = [_result(work, kind, terms, place, name) for place, (_, name) in enumerate(rows, start=1)]
    results += [
        RunResult(len(rows) + place, name, "FAILED", None, error.code, str(error), {}, None)
        for place, (name, error) in enumerate(chosen.unknown.items(), start=1)
    ]
    return RunPreview(kind, len(chosen.orders) + len(chosen.unknown), len(results), results)


def _result(work: Work, kind: RunKind, terms: Terms, place: int, name: str) -> RunResult:
    came = noted(kind, try_order(work, kind, plain(terms), name))
    order = name.removeprefix("default/")
    return RunResult(
        place, order, came.outcome, came.order_status, came.code, came.message, came.facts or {}, None
    )
