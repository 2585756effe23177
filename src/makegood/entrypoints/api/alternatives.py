"""Alternatives over HTTP: what can be sent instead of a SKU, and sending it."""

from typing import Annotated

from fastapi import Path
from pydantic import Field

from makegood.domain.alternatives import AlternativeKind, NewAlternative
from makegood.entrypoints.api.bodies import Body, LineNumber, Units, Word
from makegood.entrypoints.api.catalogue import Merchant, Sku
from makegood.entrypoints.api.order_splits import Agreement
from makegood.entrypoints.api.orders import OrderId
from makegood.entrypoints.api.paging import After, Limit
from makegood.services.alternatives.apply_alternatives import Substituted, apply_alternatives
from makegood.services.alternatives.keep_alternatives import (
    AlternativePage,
    add_alternatives,
    list_alternatives,
    remove_alternative,
)
from makegood.services.alternatives.undo_alternatives import Restored, undo_alternatives
from makegood.services.work import Work

Substitute = Annotated[Word, Path(description="The SKU that is sent instead.", examples=["MUG-BLUE"])]


class AlternativeSaid(Body):
    """What can be sent instead of a SKU: `units` of it stand for `per` of that."""

    substitute: Word = Field(examples=["MUG-BLUE"])
    kind: AlternativeKind = AlternativeKind.EQUIVALENT
    position: Units = Field(default=1, description="The smallest is preferred.")
    units: Units = 1
    per: Units = 1
    two_way: bool = Field(default=False, description="Whether it holds the other way round too.")
    needs_consent: bool = Field(default=True, description="Whether the customer has to agree.")


class SubstituteAsked(Body):
    """Whether the customer agrees, and whether it is only looked at."""

    consent: Agreement | None = Field(default=None, description="Without it only what needs none is sent.")
    dry_run: bool = Field(default=False, description="Only tell what it would come to.")


class RestoreAsked(Body):
    """Which line, and whether it is only looked at."""

    line: LineNumber | None = Field(default=None, description="Else all of them.")
    dry_run: bool = Field(default=False, description="Only tell what it would come to.")


def many(work: Work, sku: Sku, limit: Limit = 50, after: After = None) -> AlternativePage:
    """List what can be sent instead of a SKU.

    In the order of preference.
    """
    return list_alternatives(work, sku=sku, after=after, most=limit)


def add(work: Work, sku: Sku, said: AlternativeSaid, merchant: Merchant = "default") -> AlternativePage:
    """Say what can be sent instead of a SKU.

    Said of the same two again, it is brought up to date.
    """
    add_alternatives(work, [NewAlternative(sku=sku, merchant=merchant, **said.model_dump())])
    return list_alternatives(work, sku=sku)


def remove(work: Work, sku: Sku, substitute: Substitute, merchant: Merchant = "default") -> AlternativePage:
    """Say that something is not sent instead of a SKU any more.

    Orders to which it was applied stay as they are.
    """
    remove_alternative(work, sku, substitute, merchant=merchant)
    return list_alternatives(work, sku=sku)


def apply(work: Work, order: OrderId, how: SubstituteAsked = SubstituteAsked()) -> Substituted:
    """Send alternatives instead of what an order lacks.

    As far as they are there for it at its turn; what was ordered stays on record, and it can be undone until
    picked.
    """
    consent = how.consent.record if how.consent else None
    return apply_alternatives(work, order, consent=consent, dry_run=how.dry_run)


def undo(work: Work, order: OrderId, how: RestoreAsked = RestoreAsked()) -> Restored:
    """Send what was ordered after all.

    The substitutes are freed, and their lines wait as before.
    """
    return undo_alternatives(work, order, line_number=how.line, dry_run=how.dry_run)
