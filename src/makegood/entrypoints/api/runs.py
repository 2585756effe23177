"""Long work over many orders: a run answers at once and goes on in the workers, with progress for each order."""

from typing import Annotated, Any, NamedTuple

from fastapi import Path, Query
from pydantic import Field

from makegood.domain.runs import OrderChoice, Run, RunKind, RunOutcome
from makegood.domain.splits import SplitMode
from makegood.domain.states import OrderStatus
from makegood.entrypoints.api.bodies import Body, Id, Price, PriorityWord, Word
from makegood.entrypoints.api.order_splits import Agreement
from makegood.entrypoints.api.paging import After, Limit
from makegood.services.gates import by_id
from makegood.services.runs.preview_run import RunPreview, preview_run
from makegood.services.runs.show_runs import UNTRIED, ResultPage, RunPage, list_runs, run_results, show_run
from makegood.services.runs.start_run import start_run
from makegood.services.runs.steer_run import cancel_run, pause_run, reset_run, resume_run
from makegood.services.work import Work

RunNumber = Annotated[Id, Path(description="The run's number.", examples=[1])]
OUTCOMES = ", ".join([*RunOutcome, UNTRIED])


class Chosen(Body):
    """Which orders, where they are not named: those that pass every filter."""

    status: list[OrderStatus] = []
    sku: Word | None = None
    customer: Word | None = None
    priority: PriorityWord | None = None
    warehouse: Word | None = None
    merchant: Word | None = None

    @property
    def choice(self) -> OrderChoice:
        """The filters as a run takes them."""
        statuses = tuple(status.value for status in self.status)
        return OrderChoice(statuses, self.sku, self.customer, self.priority, self.warehouse, self.merchant)


class Bulk(Body):
    """Which orders a run is about; without names and filters all that its action is for."""

    order_ids: list[Word | Id] | None = Field(
        default=None,
        min_length=1,
        max_length=100_000,
        description="Orders: numbers as text, ids as whole numbers.",
        examples=[["1001"]],
    )
    where: Chosen | None = None
    dry_run: bool = Field(
        default=False, description="Only tell what it would come to for the first twenty orders."
    )

    @property
    def terms(self) -> dict[str, Any]:
        """What is asked for besides the orders."""
        asked = self.model_dump(exclude={"order_ids", "where", "dry_run", "consent"})
        consent: Agreement | None = getattr(self, "consent", None)
        return asked | ({"consent": consent.record} if consent else {})


class AllocateMany(Bulk):
    """Orders that are tried again."""

    allow_partial: bool = Field(default=True, description="With false each gets all that it lacks or nothing.")


class DivideMany(Bulk):
    """Orders that are divided, with the agreement of their customers."""

    mode: SplitMode = SplitMode.LINES
    consent: Agreement | None = Field(default=None, description="Wanted unless it is a dry run.")


class SendMany(Bulk):
    """Orders of which what is there is sent, unless it is too little."""

    min_share: float = Field(
        default=0, ge=0, le=1, description="An order below this share of its units stays whole."
    )
    min_value: Price | None = Field(default=None, description="An order below this value stays whole.")
    consent: Agreement | None = Field(default=None, description="Wanted unless it is a dry run.")


class SubstituteMany(Bulk):
    """Orders that are sent something else, with the agreement of their customers, if they gave it."""

    consent: Agreement | None = Field(default=None, description="Without it only what needs none is sent.")


class NetworkMany(Bulk):
    """Orders that other warehouses shall help; at most two hundred a run."""

    consent: Agreement | None = Field(default=None, description="Of the customers, where they were asked.")


class Started(NamedTuple):
    """The run that was started or, of a dry run, what it would do; nothing was written then."""

    run: Run | None
    would_do: RunPreview | None


def allocate(work: Work, what: AllocateMany = AllocateMany()) -> Started:
    """Try many orders again.

    A run over the named orders, or over all that are short, in the order in which they are served.
    """
    return _start(work, RunKind.ALLOCATE, what)


def divide(work: Work, what: DivideMany = DivideMany()) -> Started:
    """Divide many orders.

    A run that splits each into what can go out and a part that waits for the rest; one that lacks nothing or has
    nothing is skipped.
    """
    return _start(work, RunKind.SPLIT, what)


def send(work: Work, what: SendMany = SendMany()) -> Started:
    """Send what is available of many orders.

    A run that splits each by quantity, unless too little of it could go out; those are skipped, with the reason.
    """
    return _start(work, RunKind.SEND_AVAILABLE, what)


def substitute(work: Work, what: SubstituteMany = SubstituteMany()) -> Started:
    """Send alternatives for many orders.

    A run that sends instead of what each lacks what is there for it at its turn; without the customers' agreement
    only what needs none.
    """
    return _start(work, RunKind.APPLY_ALTERNATIVES, what)


def divide_over_network(work: Work, what: NetworkMany = NetworkMany()) -> Started:
    """Let other warehouses send what many orders lack.

    A run that divides each in as few shipments as possible; one that nobody can help is skipped.
    """
    return _start(work, RunKind.DIVIDE_NETWORK, what)


def many(
    work: Work,
    open_only: Annotated[bool, Query(alias="openOnly", description="Only those that have not ended.")] = False,
    limit: Limit = 50,
    after: After = None,
) -> RunPage:
    """List the runs.

    The latest first, with how far each has come.
    """
    return list_runs(work, open_only=open_only, after=after, most=limit)


def one(work: Work, run: RunNumber) -> Run:
    """Show a run.

    How many of its orders were tried, and how many came to which outcome.
    """
    return show_run(work, run)


def results(
    work: Work,
    run: RunNumber,
    outcome: Annotated[list[Word], Query(description=f"Only these: {OUTCOMES}.")] = [],  # noqa: B006
    limit: Limit = 100,
    after: After = None,
) -> ResultPage:
    """List what came of the orders of a run.

    In their turn, with a stable code and a sentence where nothing was done.
    """
    return run_results(work, run, outcomes=outcome, after=after, most=limit)


def pause(work: Work, run: RunNumber) -> Run:
    """Let a run rest.

    After the order at hand, until somebody resumes it.
    """
    return pause_run(work, run)


def resume(work: Work, run: RunNumber) -> Run:
    """Let a run go on where it stopped."""
    return resume_run(work, run)


def cancel(work: Work, run: RunNumber) -> Run:
    """End a run after the order at hand.

    What was done stays done.
    """
    return cancel_run(work, run)


def reset(work: Work, run: RunNumber) -> Run:
    """Free a run that is stuck.

    Whoever holds it is cut off; the order at hand is undone and tried anew.
    """
    return reset_run(work, run)


def _start(work: Work, kind: RunKind, what: Bulk) -> Started:
    named = [by_id(name) if isinstance(name, int) else name for name in what.order_ids or ()]
    choice = None if named and what.where is None else (what.where or Chosen()).choice
    if what.dry_run:
        return Started(None, preview_run(work, kind, orders=named, choice=choice, terms=what.terms))
    return Started(start_run(work, kind, orders=named, choice=choice, terms=what.terms), None)
