"""Drop what nobody will ask for again: ended sign-ins, old tries, expired links, answers under old keys."""

from datetime import timedelta

from makegood.services.accounts.sign_in import WINDOW
from makegood.services.work import Work

# An answer is given again for so long after it was given first.
KEYS_LAST = timedelta(days=7)
ROWS_A_BATCH = 5_000


def tidy_accounts(work: Work, *, most: int = ROWS_A_BATCH) -> bool:
    """Drop a batch; True while there is more."""
    work.db.run("tidy_sign_ins", as_of=work.as_of)
    work.db.run("tidy_tries", since=work.as_of - WINDOW)
    work.db.run("tidy_setup_links", as_of=work.as_of)
    return work.db.run("tidy_keys", age=KEYS_LAST, most=most) == most
