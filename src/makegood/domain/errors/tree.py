"""The trunk of the errors and its five branches."""

from typing import ClassVar


class MakegoodError(Exception):
    """Something that was asked for and refused; `code` is stable, `facts` say why."""

    code: ClassVar[str] = "error"

    def __init__(self, message: str, **facts: object) -> None:
        super().__init__(message)
        self.facts = facts


class NotFound(MakegoodError):
    """What was named does not exist."""


class Conflict(MakegoodError):
    """The books as they stand do not allow it."""


class Invalid(MakegoodError):
    """What was handed in makes no sense, whatever the books say."""


class Denied(MakegoodError):
    """Whoever asks is not known, or may not have it."""


class Unavailable(MakegoodError):
    """The books cannot be reached or used now."""


def leaves(tree: type[MakegoodError]) -> list[type[MakegoodError]]:
    """List the errors of a tree that are raised: those that have no kinds of their own, by code."""
    below = [leaf for kind in tree.__subclasses__() for leaf in leaves(kind)]
    return sorted(below, key=lambda error: error.code) or [tree]
