"""Queue mails in the transaction of what they tell, each once; what they say is read when they are sent."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from makegood.domain.errors import InvalidValue
from makegood.domain.mails import ALWAYS_TOLD, Facts, MailKind
from makegood.services.mails.samples import known_facts
from makegood.services.work import Work


class ToCustomer(NamedTuple):
    """A mail to the customer of an order: `key` names what it follows from, and nobody is told twice of one.

    `born` says that the order came into being by what is told, `repeat_hours` how long after the last mail of
    the kind about the order this one may be sent.
    """

    kind: MailKind
    key: str
    order_id: int
    due: datetime
    repeat_hours: int = 0
    born: bool = False
    ask_id: int | None = None


def queue_mails(work: Work, mails: Sequence[ToCustomer]) -> int:
    """Queue mails to customers and give how many; who has no address, or wants none, gets none.

    One that nobody has taken yet tells what there is to tell when it is sent: a second one beside it is left out.
    """
    if not mails:
        return 0
    waiting = set(work.db.all("hold_untold", orders=sorted({one.order_id for one in mails})))
    # Of those that tell of an order as it stands then, the last one is enough.
    fresh = {
        (one.order_id, one.kind, one.key if _stands_alone(one) else ""): one
        for one in mails
        if not _is_covered(one, waiting)
    }
    if not fresh:
        return 0
    wanted = list(fresh.values())
    return work.db.run(
        "queue_mails",
        kinds=[one.kind.value for one in wanted],
        keys=[one.key for one in wanted],
        orders=[one.order_id for one in wanted],
        asks=[one.ask_id for one in wanted],
        dues=[one.due for one in wanted],
        repeat_hours=[one.repeat_hours for one in wanted],
        born=[one.born for one in wanted],
        always=[one.kind in ALWAYS_TOLD for one in wanted],
        as_of=work.as_of,
    )


def queue_mail(work: Work, kind: MailKind, to: str, facts: Facts, key: str) -> bool:
    """Queue a mail to somebody of the house; False when one with this key was queued to them before.

    Raises `InvalidValue` for an address or facts that the kind does not have.
    """
    if not work.db.value("is_one_address", written=to):
        raise InvalidValue("to", to, "one e-mail address")
    if sorted(facts) != known_facts(kind):
        raise InvalidValue("facts", sorted(facts), "exactly " + ", ".join(known_facts(kind)))
    return bool(
        work.db.run(
            "queue_mail", kind=kind.value, key=key, recipient=to.strip(), facts=dict(facts), as_of=work.as_of
        )
    )


def _stands_alone(one: ToCustomer) -> bool:
    """Tell whether a mail tells of one thing that happened, which no other mail tells of."""
    return one.ask_id is not None or one.kind in (MailKind.ORDER_SPLIT, MailKind.ORDER_DIVIDED)


def _is_covered(one: ToCustomer, waiting: set[tuple[int, str]]) -> bool:
    """Tell whether a mail that is waiting tells this too."""
    if _stands_alone(one):
        return False
    same = (one.order_id, one.kind.value)
    first = (one.order_id, MailKind.ORDER_BACKORDERED.value)
    return same in waiting or (one.kind is MailKind.EXPECTED_DATE_CHANGED and first in waiting)
