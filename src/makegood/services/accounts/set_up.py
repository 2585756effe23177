"""The first run: a link that makes the first SUPER_ADMIN, once, so that there is no password by default."""

from datetime import timedelta

from makegood.domain.errors import SetupClosed
from makegood.services.accounts.audit import audit
from makegood.services.accounts.secret import draw_secret, hashed
from makegood.services.accounts.users import UserSheet, create_user
from makegood.services.work import Work

LASTS = timedelta(hours=24)


def make_setup_link(work: Work) -> str | None:
    """Give the secret of a new link, or None once there is somebody who can make administrators."""
    if work.db.value("count_super_admins"):
        return None
    secret = draw_secret()
    work.db.run("add_setup_link", hash=hashed(secret), as_of=work.as_of, expires_at=work.as_of + LASTS)
    return secret


def is_open(work: Work, secret: str) -> bool:
    """Tell whether a link can still be used."""
    return bool(work.db.value("setup_link_open", hash=hashed(secret), as_of=work.as_of))


def set_up(work: Work, secret: str, name: str, password: str) -> UserSheet:
    """Make the first SUPER_ADMIN; of several who try at once one does, whatever link they hold.

    Raises `SetupClosed`, `InvalidValue`.
    """
    # Every link goes: who comes at the same time waits here for the rows, and then finds none.
    gone = {bytes(row[0]) for row in work.db.all("take_setup_links", as_of=work.as_of)}
    if hashed(secret) not in gone or work.db.value("count_super_admins"):
        raise SetupClosed
    made = create_user(work, name, password=password, role="SUPER_ADMIN")
    audit(work, "set_up", name)
    return made
