"""See what a use-case would come to: it is done for real, then every trace of it is undone."""

from collections.abc import Callable
from dataclasses import replace
from typing import Concatenate, ParamSpec, TypeVar

from makegood.services.work import Work

P = ParamSpec("P")
T = TypeVar("T")


def previewed(
    work: Work,
    use_case: Callable[Concatenate[Work, P], T],
    *args: P.args,
    **named: P.kwargs,
) -> T:
    """Give what the use-case would give now, and leave the books as they are; what it refuses is raised.

    Numbers that it drew from sequences stay used: the books promise gaps, never the same number twice.
    """
    with work.db.undone():
        # A work of its own: what is undone must wake nobody.
        return use_case(replace(work, marked=False, woken=set(), attempts=[]), *args, **named)


def done_or_previewed(
    work: Work,
    dry_run: bool,
    use_case: Callable[Concatenate[Work, P], T],
    *args: P.args,
    **named: P.kwargs,
) -> T:
    """Do the use-case, or with `dry_run` only tell what it would come to."""
    if dry_run:
        return previewed(work, use_case, *args, **named)
    return use_case(work, *args, **named)
