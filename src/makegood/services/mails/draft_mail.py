"""What a mail about an order would say now; nothing is queued, and its links lead nowhere."""

from makegood.domain.errors import InvalidValue
from makegood.domain.mails import MailKind, WrittenMail
from makegood.services.gates import find_order
from makegood.services.mails.mail_facts import order_facts
from makegood.services.mails.samples import LINKS, known_facts
from makegood.services.mails.templates import kind_named, template_of
from makegood.services.mails.writing import write
from makegood.services.work import Work


def draft_mail(work: Work, kind: str, order: str, *, shop: str) -> WrittenMail:
    """Give what a mail of a kind would tell the customer of an order.

    Raises `OrderNotFound`, `Ambiguous`, and `InvalidValue` for kinds that tell of more than an order.
    """
    found = kind_named(kind)
    facts = {
        **order_facts(work, find_order(work, order)[0], shop),
        "before": None,
        "links": dict.fromkeys(LINKS, ""),
    }
    if lacking := set(known_facts(found)) - set(facts):
        raise InvalidValue("kind", kind, f"one that needs no {', '.join(sorted(lacking))}")
    return write(template_of(work, MailKind(found))[1], facts)
