"""The counter at which commands are served: reads see one instant, a change is followed by whom it lets go on."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated, Concatenate, NamedTuple, ParamSpec, TypeVar

import typer

from makegood.entrypoints.cli.app import Asked
from makegood.entrypoints.cli.output import counted, said, talk
from makegood.entrypoints.logs import set_up_logs
from makegood.services.at_hand import at_hand
from makegood.services.preview import previewed
from makegood.services.show_order import Served, last_attempt, served_since
from makegood.services.work import Work, now
from makegood.wiring import House, open_house, read_settings

P = ParamSpec("P")
T = TypeVar("T")

# More of them than anybody reads are only counted.
MOST_NAMED = 10

Json = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]
Limit = Annotated[int, typer.Option("--limit", help="At most so many rows.", min=1, max=1000)]
After = Annotated[str | None, typer.Option("--after", help="Go on after this cursor, which the last page gave.")]
Warehouse = Annotated[str | None, typer.Option("--warehouse", "-w", help="Code of the warehouse.")]


class Counter(NamedTuple):
    """The open books, and who asks as of when."""

    house: House
    asked: Asked

    def read(self, use_case: Callable[Concatenate[Work, P], T], *args: P.args, **named: P.kwargs) -> T:
        """Read the books as they stand at one instant."""
        as_of, actor = self.asked.as_of or now(), self.asked.actor
        with self.house.books.snapshot() as db:
            return use_case(Work(db=db, as_of=as_of, actor=actor, source=f"manual:{actor}"), *args, **named)

    def change(self, use_case: Callable[Concatenate[Work, P], T], *args: P.args, **named: P.kwargs) -> T:
        """Do a use-case, then serve the queues that it marked, and say on stderr who got something."""
        as_of, actor = self.asked.as_of or now(), self.asked.actor
        came_to = self.house.at(as_of, actor, f"manual:{actor}")(use_case, *args, **named)
        before = self.read(last_attempt)
        # A worker may be at it too: each piece is taken by one of us, and none waits for the other.
        if any(piece.units for piece in self.house.check_until_quiet(self.asked.as_of)):
            tell_served(self.read(served_since, before))
        return came_to

    def preview(self, use_case: Callable[Concatenate[Work, P], T], *args: P.args, **named: P.kwargs) -> T:
        """Do a use-case, undo it, and give what it would have come to."""
        as_of, actor = self.asked.as_of or now(), self.asked.actor
        desk = self.house.at(as_of, actor, f"manual:{actor}")
        return desk(lambda work: previewed(work, use_case, *args, **named))


@contextmanager
def opened(ctx: typer.Context) -> Iterator[Counter]:
    """Open the books for one command; what it logs names the command."""
    settings = read_settings()
    level = "warning" if settings.log_level == "auto" else settings.log_level
    set_up_logs(level, settings.log_format)
    with open_house() as house, at_hand("command", command=ctx.command_path):
        yield Counter(house, ctx.obj)


def tell_served(served: list[Served]) -> None:
    """Say who got something just now."""
    for order in served[:MOST_NAMED]:
        talk(f"Order {order.number} got {counted(order.units, 'unit')} and is {said(order.status)} now.")
    if len(served) > MOST_NAMED:
        rest = served[MOST_NAMED:]
        talk(f"{len(rest):,} more orders got {counted(sum(order.units for order in rest), 'unit')}.")


def tell_next(cursor: str | None, command: str) -> None:
    """Say how to see the next page, when there is one."""
    if cursor:
        talk(f"There are more: makegood {command} --after {cursor}")
