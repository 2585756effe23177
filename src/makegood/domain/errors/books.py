"""What is refused of any request, and what the database refuses."""

from datetime import date

from makegood.domain.errors.tree import Conflict, Invalid, Unavailable


class AlreadyExists(Conflict):
    """A record with this number or code exists already; it was left as it is."""

    code = "already_exists"

    def __init__(self, *, kind: str, name: str, stands: str = "") -> None:
        known = {"stands": stands} if stands else {}
        super().__init__(f"{kind} {name} exists already{stands and f': {stands}'}", kind=kind, name=name, **known)


class KeyReused(Conflict):
    """The same idempotency key came before with another request."""

    code = "key_reused"

    def __init__(self, key: str) -> None:
        super().__init__(f"Idempotency key {key} was used for another request", key=key)


class BooksBusy(Conflict):
    """The books kept changing under the request; nothing was done, try again."""

    code = "books_busy"

    def __init__(self, tries: int) -> None:
        super().__init__(f"Nothing was done: the books changed during each of {tries} tries", tries=tries)


class LawBroken(Conflict):
    """A decision would break a law of the books; it was not carried out."""

    code = "law_broken"

    def __init__(self, broken: list[str]) -> None:
        super().__init__("; ".join(broken), broken=broken)


class InvalidValue(Invalid):
    """A value is not one that its field can take."""

    code = "invalid_value"

    def __init__(self, field: str, value: object, expected: str) -> None:
        words = f"{field}: {_shown(value)} is not {expected}"
        if value is None or value == "":
            words = f"{field}: nothing was given; wanted is {expected}"
        super().__init__(words, field=field, value=value, expected=expected)


def _shown(value: object) -> str:
    """Write a value as whoever sent it would.

    >>> _shown("x"), _shown(date(2026, 3, 2)), _shown(["a", "b"])
    ("'x'", '2026-03-02', 'a, b')
    """
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    return repr(value)


class Ambiguous(Invalid):
    """A name stands for several things; say which."""

    code = "ambiguous"

    def __init__(self, *, name: str, choices: list[str]) -> None:
        super().__init__(f"{name} stands for {', '.join(choices)}: say which", name=name, choices=choices)


class UnreadableFile(Invalid):
    """A file cannot be read as what it is said to be; nothing of it was taken."""

    code = "unreadable_file"

    def __init__(self, file: str, because: str) -> None:
        super().__init__(f"{file}: {because}", file=file, because=because)


class DatabaseUnavailable(Unavailable):
    """PostgreSQL cannot be reached, or the connection was lost before the commit was confirmed."""

    code = "database_unavailable"

    def __init__(self, because: str) -> None:
        super().__init__(f"The database cannot be reached: {because}", because=because)


class DatabaseTooOld(Unavailable):
    """The schema lacks migrations that this version needs, or the server is too old."""

    code = "database_too_old"

    def __init__(self, found: str, needed: str) -> None:
        super().__init__(
            f"The database is at {found}, {needed} is needed: run `makegood db migrate`",
            found=found,
            needed=needed,
        )
