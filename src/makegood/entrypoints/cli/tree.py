"""Every command in one visible list, each loaded only when it is called, so that help and completion are quick."""

import sys
from collections.abc import Callable, MutableMapping, Sequence
from importlib import import_module
from typing import Any, NamedTuple

import typer
from typer.core import TyperGroup

SECTIONS = ("Start here", "Orders", "Stock", "Files", "Running it")


class Entry(NamedTuple):
    """A command or group of commands: its name, where it is defined, what it is for, under which heading."""

    name: str
    where: str
    summary: str
    section: str


ENTRIES: Sequence[Entry] = (
    Entry("demo", "demo", "Live through a day of a small shop, in books of its own.", "Start here"),
    Entry("replay", "replay", "Live a shop's invoices through again, in books of its own.", "Start here"),
    Entry("orders", "orders", "See, place, change, pick and ship orders.", "Orders"),
    Entry("backorders", "backorders", "See, create, rank, allocate, fulfil and cancel backorders.", "Orders"),
    Entry("allocations", "allocations", "Confirm, release or extend one allocation.", "Orders"),
    Entry("runs", "runs", "See long work over many orders, and let it rest, go on or end.", "Orders"),
    Entry("explain", "explain", "Say why an order waits, and what could be done.", "Orders"),
    Entry(
        "report",
        "report",
        "Say how it goes: by month and quarter, aging, service level, what unblocked what.",
        "Orders",
    ),
    Entry("stock", "stock", "See what lies where, what is free and who waits for it.", "Stock"),
    Entry("inbound", "inbound", "See, announce, change, receive and cancel supply that is due.", "Stock"),
    Entry("receive", "sessions", "Receive a delivery into stock.", "Stock"),
    Entry("count", "sessions", "Enter what was counted.", "Stock"),
    Entry("return", "sessions", "Take back what a customer sent.", "Stock"),
    Entry("adjust", "stock_changes", "Correct what the books say lies in a place.", "Stock"),
    Entry("move", "stock_changes", "Move units from one place to another.", "Stock"),
    Entry("damage", "stock_changes", "Set damaged units aside.", "Stock"),
    Entry("restore", "stock_changes", "Take units back that turned out to be sound.", "Stock"),
    Entry("quarantine", "stock_changes", "Lock units away, or release them.", "Stock"),
    Entry("warehouses", "catalogue", "See and add warehouses.", "Stock"),
    Entry("locations", "catalogue", "See, add and change the places of a warehouse.", "Stock"),
    Entry("variants", "catalogue", "See and add what is sold.", "Stock"),
    Entry("boxes", "boxes", "See, add and retire the boxes that orders are sent in.", "Stock"),
    Entry("alternatives", "alternatives", "See, add and remove what may be sent instead.", "Stock"),
    Entry(
        "import",
        "files",
        "Take orders, stock, variants, locations, returns or inbound lines from a file.",
        "Files",
    ),
    Entry(
        "export",
        "files",
        "Write orders, stock, variants, locations, returns or inbound lines into a file.",
        "Files",
    ),
    Entry("db", "db", "Set up, look after, back up and restore the books.", "Running it"),
    Entry("serve", "serve", "Open the books to programs and browsers over HTTP.", "Running it"),
    Entry("users", "users", "See, add, change and disable those who may sign in.", "Running it"),
    Entry("tokens", "tokens", "See, make and revoke the tokens of programs.", "Running it"),
    Entry("worker", "worker", "Serve the queue, and do what runs by the clock.", "Running it"),
    Entry("mcp", "mcp", "Serve tools for agents on stdin and stdout.", "Running it"),
    Entry("queue", "queue", "See what is to be done and what failed, and try it again.", "Running it"),
    Entry("alerts", "alerts", "See what needs a person.", "Running it"),
    Entry("webhooks", "webhooks", "See and change who is told over HTTP of what happens.", "Running it"),
    Entry("notifications", "notifications", "See what was told to whom, and write the templates.", "Running it"),
    Entry("settings", "settings", "See and change what the business decides.", "Running it"),
    Entry("doctor", "doctor", "Verify the laws on the live books.", "Running it"),
    Entry("reference", "reference", "Print the reference pages as Markdown.", ""),
)


def group(summary: str) -> typer.Typer:
    """Make an empty group of commands in the house's plain style; with one command in it, it is that command."""
    return typer.Typer(cls=Branch, help=summary, no_args_is_help=True, rich_markup_mode=None, add_completion=False)


def example(*calls: str) -> str:
    """Write the examples that stand at the end of a command's help.

    >>> print(example("orders list"))
    \b
    Example:
      makegood orders list
    """
    title = "Example:" if len(calls) == 1 else "Examples:"
    return "\n".join(["\b", title, *(f"  makegood {call}" for call in calls)])


def among(*words: str) -> Callable[[str], list[str]]:
    """Give what completes one of these words, which the program takes in any case.

    >>> among("PENDING", "PICKED")("pe")
    ['pending']
    """
    known = [word.lower() for word in words]
    return lambda incomplete: [word for word in known if word.startswith(incomplete.lower())]


class Branch(TyperGroup):
    """A group: its help says all of what each command is for."""

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Write every command with its whole first sentence."""
        with formatter.section("Commands"):
            formatter.write_dl(
                [(name, first_paragraph(one)) for name, one in self.commands.items() if not one.hidden]
            )


class Tree(TyperGroup):
    """The root: it lists every entry by its summary and loads a command only to run it."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Name the commands that are shown."""
        return [entry.name for entry in ENTRIES if entry.section]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Load one command, or None."""
        found = next((entry for entry in ENTRIES if entry.name == cmd_name), None)
        return load(found) if found else None

    @property
    def commands(self) -> MutableMapping[str, Any]:
        """Load all commands."""
        return {entry.name: load(entry) for entry in ENTRIES if entry.section}

    @commands.setter
    def commands(self, given: MutableMapping[str, Any]) -> None:
        """Ignore what the base class sets; the list is `ENTRIES`."""

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Write the commands under their headings, without loading any."""
        for section in SECTIONS:
            rows = [(entry.name, entry.summary) for entry in ENTRIES if entry.section == section]
            if rows:
                with formatter.section(section):
                    formatter.write_dl(rows)

    def shell_complete(self, ctx: Any, incomplete: str) -> list[Any]:
        """Complete the name of a command, without loading any."""
        from typer._click.shell_completion import CompletionItem  # typer offers no other way to it

        names = [(one.name, one.summary) for one in ENTRIES if one.section and one.name.startswith(incomplete)]
        return [CompletionItem(name, help=summary) for name, summary in names]

    def main(self, args: Sequence[str] | None = None, *_: Any, **named: Any) -> Any:
        """Run a command line and leave with its exit code; what is refused is said in one line."""
        from makegood.entrypoints.cli.exits import leave

        name_own_values(self)
        given = list(sys.argv[1:] if args is None else args)
        named |= {"prog_name": "makegood", "standalone_mode": False}
        whole = super().main
        sys.exit(leave(lambda: whole(given, **named), as_json="--json" in given))


def first_paragraph(command: Any) -> str:
    """Give what a command says it is for, on one line."""
    return " ".join((command.help or "").split("\n\n")[0].split())


def load(entry: Entry) -> Any:
    """Import a command and build it: the one of its name in the module's `app`, or the whole `app`."""
    module = import_module(f"makegood.entrypoints.cli.{entry.where}")
    command: Any = typer.main.get_command(module.app)
    command = getattr(command, "commands", {}).get(entry.name, command)
    command.name = entry.name
    name_values(command)
    return command


def name_values(command: Any) -> None:
    """Let help speak of ORDER and NUMBER instead of the types that a programmer sees."""
    name_own_values(command)
    for below in getattr(command, "commands", {}).values():
        name_values(below)


def name_own_values(command: Any) -> None:
    """Name the values of one command, not of those below it."""
    for parameter in command.params:
        if parameter.metavar is None and not getattr(parameter, "is_flag", False):
            is_number = "int" in str(parameter.bare_type())
            own = parameter.name.upper() if parameter.param_type_name == "argument" else "TEXT"
            parameter.metavar = "NUMBER" if is_number and own == "TEXT" else own
