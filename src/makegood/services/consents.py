"""The customer's agreement is on record before anything is done that needs it."""

from collections.abc import Sequence

from makegood.domain.errors import InvalidValue
from makegood.domain.splits import Consent
from makegood.services.work import Work


def insist_on_consent(work: Work, consent: Consent | None) -> Consent:
    """Give the consent back, or raise `InvalidValue` that says what to give; it cannot lie in the future."""
    if consent is None:
        raise InvalidValue("consent", None, "the customer's agreement: who gave it, how, and when")
    if consent.at > work.as_of:
        raise InvalidValue("consent.at", consent.at, f"a moment before {work.as_of:%Y-%m-%d %H:%M}")
    return consent


def record_consent(work: Work, consent: Consent, *, orders: Sequence[int], to: str) -> None:
    """Append that the customers of these orders agreed to this (`SPLIT`, `SUBSTITUTE` …)."""
    work.db.run(
        "add_consents",
        orders=list(orders),
        agreed_to=to,
        agreed_by=consent.by.strip(),
        agreed_how=consent.how.strip(),
        agreed_at=consent.at,
        recorded_by=work.actor,
        recorded_at=work.as_of,
    )


def consent_payload(consent: Consent | None) -> dict[str, object]:
    """Give a consent as an event tells it; nothing for a preview that has none yet."""
    return {"consent": {"by": consent.by, "how": consent.how, "at": consent.at}} if consent else {}
