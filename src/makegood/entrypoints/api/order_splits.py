"""Orders split and merged over HTTP, and those of which a part could go out now."""

from typing import Annotated

from fastapi import Query
from pydantic import Field

from makegood.domain.splits import Consent, SplitMode
from makegood.entrypoints.api.bodies import Body, Instant, Word
from makegood.entrypoints.api.orders import OrderId
from makegood.entrypoints.api.paging import After, Limit
from makegood.services.list_unlockable import UnlockablePage, list_unlockable
from makegood.services.merge_order import Merged, merge_order
from makegood.services.network.divide_network import DividedOrder, divide_network
from makegood.services.split_order import Split, split_order
from makegood.services.work import Work


class Agreement(Body):
    """That the customer agreed: who, how and when; it stays on record."""

    by: Word = Field(examples=["Ada Okafor"])
    how: Word = Field(examples=["e-mail"])
    at: Instant

    @property
    def record(self) -> Consent:
        """The agreement as the books keep it."""
        return Consent(by=self.by, how=self.how, at=self.at)


class SplitAsked(Body):
    """How an order is split."""

    mode: SplitMode = Field(
        default=SplitMode.LINES,
        description="lines: full lines stay, the others move; quantities: each line leaves what it has.",
    )
    consent: Agreement | None = Field(default=None, description="Wanted unless it is a dry run.")
    dry_run: bool = Field(default=False, description="Only tell what it would come to.")


class DivideAsked(Body):
    """Whether the customer agrees, where they were asked, and whether it is only looked at."""

    consent: Agreement | None = Field(default=None, description="It stays on record.")
    dry_run: bool = Field(default=False, description="Only tell what it would come to.")


class MergeAsked(Body):
    """Whether the merge is only looked at."""

    dry_run: bool = Field(default=False, description="Only tell what it would come to.")


def split(work: Work, order: OrderId, how: SplitAsked = SplitAsked()) -> Split:
    """Split an order.

    What it has can go out; what it lacks waits on in a new order with the same age and rank.
    """
    consent = how.consent.record if how.consent else None
    return split_order(work, order, mode=how.mode, consent=consent, dry_run=how.dry_run)


def merge(work: Work, order: OrderId, how: MergeAsked = MergeAsked()) -> Merged:
    """Undo a split.

    While neither part has been released to pick, the lines go back with what they have. Name the part that waits,
    or the order that it was split off from.
    """
    return merge_order(work, order, dry_run=how.dry_run)


def divide_over_network(work: Work, order: OrderId, how: DivideAsked = DivideAsked()) -> DividedOrder:
    """Let other warehouses send what an order lacks.

    In as few shipments as possible, each in its turn of that warehouse's queue; a merge undoes it.
    """
    consent = how.consent.record if how.consent else None
    return divide_network(work, order, consent=consent, dry_run=how.dry_run)


def unlockable(
    work: Work,
    warehouse: Annotated[Word | None, Query(description="Code of the warehouse.")] = None,
    limit: Limit = 50,
    after: After = None,
) -> UnlockablePage:
    """List the orders of which some lines could go out now.

    The oldest first, with what is ready and what is short; `POST /orders/divide` acts on them.
    """
    return list_unlockable(work, warehouse=warehouse, after=after, most=limit)
