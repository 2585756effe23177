"""Links that customers are sent: signed for one purpose with a secret of this installation."""

import hashlib
import secrets

from itsdangerous import BadData, URLSafeSerializer

from makegood.domain.errors import LinkInvalid
from makegood.services.work import Work

SIGNING = "links"
# Purposes, which are also where the links lead.
STOP, CONSENTS = "no-more-mails", "consents"


def signed(work: Work, purpose: str, number: int) -> str:
    """Give the token that stands for a number, for this purpose only."""
    return str(_signer(_secret(work) or _draw(work), purpose).dumps(number))


def read_signed(work: Work, purpose: str, token: str) -> int:
    """Give the number that a token stands for; raises `LinkInvalid` for one that was not made here for this."""
    secret = _secret(work)
    if secret is None:
        raise LinkInvalid
    try:
        number = _signer(secret, purpose).loads(token)
    except BadData as wrong:
        raise LinkInvalid from wrong
    return int(number)


def _signer(secret: bytes, purpose: str) -> URLSafeSerializer:
    return URLSafeSerializer(secret, salt=purpose, signer_kwargs={"digest_method": hashlib.sha256})


def _secret(work: Work) -> bytes | None:
    found = work.db.value("house_secret", secret_name=SIGNING)
    return None if found is None else bytes(found)


def _draw(work: Work) -> bytes:
    # Of two who draw at the same time one is kept, for both.
    work.db.run("draw_house_secret", secret_name=SIGNING, secret=secrets.token_bytes(32))
    found = _secret(work)
    assert found is not None
    return found
