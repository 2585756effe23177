"""Facts of made-up orders, one or two for each kind of mail: a template is tried on them before it is kept."""

from collections.abc import Mapping, Sequence

from makegood.domain.mails import Facts, MailKind

LINES = [
    {"sku": "MUG", "name": "Mug, blue", "ordered": 5, "ready": 3, "gone": 0, "short": 2, "expected": "2026-03-16"},
    {"sku": "TEA", "name": "", "ordered": 1, "ready": 1, "gone": 0, "short": 0, "expected": None},
]
LINKS = {"answer": "https://shop.example/consents/…", "stop": "https://shop.example/no-more-mails/…"}
ORDER: dict[str, object] = {
    "shop": "Mugs & Tea",
    "order": "1001",
    "customer": "Ann",
    "lines": LINES,
    "ready": 4,
    "short": 2,
    "expected": "2026-03-16",
    "before": "2026-03-09",
    "links": LINKS,
}
# Nothing is known of when it comes, and nobody's name.
UNKNOWN: dict[str, object] = ORDER | {
    "customer": "",
    "expected": None,
    "before": None,
    "links": LINKS | {"stop": ""},
}
LATER = {"order": "1001-BO1", "expected": "2026-03-16", "lines": LINES[:1]}
PARTS = [{"order": "1001-BO1", "lines": LINES[1:]}, {"order": "1001-BO2", "lines": LINES[1:]}]
SUBSTITUTE = {"sku": "MUG", "name": "Mug, blue", "units": 2, "substitute": "CUP", "substitute_name": "Cup, blue",
              "substitute_units": 2}  # fmt: skip


def _delay(revised: str | None, silence: str) -> Facts:
    return {"due_by": "2026-03-12", "revised": revised, "silence": silence, "answer_by": "2026-03-11"}


def _ask(purpose: str) -> Facts:
    return {"purpose": purpose, "expires": "2026-03-14", "substitutes": [SUBSTITUTE]}


SAMPLES: Mapping[MailKind, Sequence[Facts]] = {
    MailKind.ORDER_BACKORDERED: (ORDER, UNKNOWN),
    MailKind.EXPECTED_DATE_CHANGED: (ORDER, UNKNOWN),
    MailKind.ORDER_SPLIT: (ORDER | {"later": LATER}, UNKNOWN | {"later": LATER | {"expected": None}}),
    MailKind.ORDER_DIVIDED: (ORDER | {"parts": PARTS}, UNKNOWN | {"lines": [], "parts": PARTS[:1]}),
    MailKind.BACKORDER_RESOLVED: (ORDER, UNKNOWN),
    MailKind.DELAY_NOTICE: (
        ORDER | {"delay": _delay("2026-03-20", "CONSENTS")},
        UNKNOWN | {"delay": _delay(None, "STOPS")},
    ),
    MailKind.CONSENT_ASKED: (ORDER | {"ask": _ask("SPLIT")}, UNKNOWN | {"ask": _ask("SUBSTITUTE")}),
    MailKind.STAFF_ALERT: (
        {
            "title": "More than 5 holds this week",
            "words": "7 orders were held.",
            "link": "https://shop.example/holds",
        },
        {"title": "No worker is alive", "words": "Nothing is served until one is.", "link": ""},
    ),
}


def known_facts(kind: MailKind) -> list[str]:
    """Name the facts that a template of this kind may use.

    >>> known_facts(MailKind.STAFF_ALERT)
    ['link', 'title', 'words']
    """
    return sorted({name for sample in SAMPLES[kind] for name in sample})
