"""What a mail that asks something says besides the facts of its order."""

from makegood.domain.delays import AskPurpose
from makegood.domain.errors import MakegoodError
from makegood.domain.mails import Facts
from makegood.services.alternatives.apply_alternatives import apply_alternatives
from makegood.services.asking.asks import read_ask
from makegood.services.mails.mail_facts import Silent
from makegood.services.work import Work


def ask_facts(work: Work, ask: int) -> Facts | Silent:
    """Give what is asked, or why it need not be asked any more."""
    row = read_ask(work, ask)
    if not row.is_open:
        return Silent("it was answered")
    if row.purpose == AskPurpose.DELAY:
        days = {"due_by": row.due_by, "revised": row.revised, "answer_by": row.answer_by}
        written = {name: day.isoformat() if day else None for name, day in days.items()}
        return {"delay": {**written, "silence": row.silence}}
    substitutes: list[dict[str, object]] = []
    if row.purpose == AskPurpose.SUBSTITUTE:
        try:
            substitutes = substitutes_for(work, row.order_id, row.name)
        except MakegoodError as refused:
            return Silent(str(refused))
    expires = row.expires_at.date().isoformat()
    return {"ask": {"purpose": row.purpose, "expires": expires, "substitutes": substitutes}}


def substitutes_for(work: Work, order_id: int, name: str) -> list[dict[str, object]]:
    """Give what would be sent instead of what an order lacks, as its customer reads it."""
    lines = apply_alternatives(work, name, dry_run=True).lines
    skus = [sku for one in lines for sku in (one.sku, one.substitute)]
    named = dict(work.db.all("names_of_skus", order=order_id, skus=skus))
    return [
        {
            "sku": one.sku,
            "name": named.get(one.sku, ""),
            "units": one.units,
            "substitute": one.substitute,
            "substitute_name": named.get(one.substitute, ""),
            "substitute_units": one.substitute_units,
        }
        for one in lines
    ]
