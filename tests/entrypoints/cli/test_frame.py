"""What holds for every command: help, quick start, errors in words, exit codes, pipes, Ctrl-C, completion."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest
import typer
from typer.testing import CliRunner

from makegood.domain.errors import LawBroken, MakegoodError, OrderNotFound, leaves
from makegood.entrypoints.cli.app import app
from makegood.entrypoints.cli.exits import CODES, MEANINGS, REMEDIES, leave
from makegood.entrypoints.cli.reference import cli_page, errors_page
from makegood.entrypoints.cli.tree import ENTRIES, SECTIONS, load
from makegood.store.database import Database

from .conftest import Terminal

ROOT = Path(__file__).parents[3]
HEAVY = {"numpy", "polars", "psycopg", "pydantic", "rich", "yoyo"}


def leaf_commands(command: object, path: str) -> list[tuple[str, object]]:
    below: dict[str, object] = getattr(command, "commands", {})
    if not below:
        return [(path, command)]
    return [found for name, child in below.items() for found in leaf_commands(child, f"{path} {name}")]


SHOWN = [found for entry in ENTRIES if entry.section for found in leaf_commands(load(entry), entry.name)]


@pytest.mark.parametrize(("path", "command"), SHOWN, ids=[path for path, _ in SHOWN])
def test_each_command_has_a_purpose_an_example_and_json(path: str, command: typer.core.TyperCommand) -> None:
    assert command.help
    assert f"makegood {path}" in (command.epilog or "")
    assert path in NOTHING_TO_READ or any("--json" in one.opts for one in command.params)


NOTHING_TO_READ = {"mcp", "serve", "worker"}


def test_each_entry_stands_under_a_heading() -> None:
    assert {entry.section for entry in ENTRIES} - {""} <= set(SECTIONS)


def test_help_loads_nothing_heavy() -> None:
    code = f"import sys; from makegood.__main__ import main; sys.argv = ['makegood', '--help']\ntry: main()\nexcept SystemExit: print(sorted({HEAVY} & set(sys.modules)), file=sys.stderr)"  # fmt: skip  # noqa: E501
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[]"
    assert "Resolve backorders" in done.stdout


def test_help_starts_quickly(tmp_path: Path) -> None:
    def once() -> float:
        begun = time.process_time_ns(), os.times()
        env = {**os.environ, "PYTHONPYCACHEPREFIX": str(tmp_path), "PYTHONDONTWRITEBYTECODE": ""}
        subprocess.run([sys.executable, "-m", "makegood", "--help"], capture_output=True, check=True, env=env)
        ended = os.times()
        return ended.children_user + ended.children_system - begun[1].children_user - begun[1].children_system

    once()  # the first start writes what later ones read
    assert min(once() for _ in range(5)) < 0.3


@pytest.mark.parametrize("error", leaves(MakegoodError), ids=lambda error: error.code)
def test_each_error_has_an_exit_code_and_a_remedy(error: type[MakegoodError]) -> None:
    assert len([kind for kind in CODES if issubclass(error, kind)]) == 1
    assert REMEDIES.get(error.code), f"REMEDIES in exits.py does not say what to do about {error.code}"


def test_each_exit_code_has_a_meaning() -> None:
    assert set(CODES.values()) <= set(MEANINGS)
    assert set(REMEDIES) == {error.code for error in leaves(MakegoodError)}


@pytest.mark.parametrize(("page", "written"), [("cli", cli_page), ("errors", errors_page)])
def test_the_reference_is_what_the_program_says(page: str, written: object) -> None:
    assert callable(written)
    assert (ROOT / "docs" / "reference" / f"{page}.md").read_text() == written(), "run scripts/reference"


def test_a_refusal_is_one_line_with_a_remedy(terminal: Terminal) -> None:
    refused = terminal.types("orders show 1001")
    assert refused == (3, "", "makegood: Order not found: 1001. See `makegood orders list`.\n")


def test_a_refusal_is_an_object_for_a_program(terminal: Terminal) -> None:
    refused = terminal.types("orders show 1001 --json")
    assert refused.json == {
        "error": {
            "code": "order_not_found",
            "message": "Order not found: 1001",
            "facts": {"order": "1001"},
            "remedy": "See `makegood orders list`.",
        }
    }
    assert (refused.code, refused.err) == (3, "")


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("ordrs list", "Did you mean 'orders'"),
        ("orders shwo", "No such command 'shwo'. Did you mean 'show'?"),
        ("orders show", "Missing argument"),
        ("orders list --sort colour", "sort: 'colour' is not one of newest"),
        ("orders list --limit 0", "--limit"),
        ("orders place 1 MUG=x", "'MUG=x' is not of the form SKU=UNITS"),
        ("--as-of tomorrow orders list", "'tomorrow' is not a date or time"),
        ("orders", "Usage: makegood orders"),
    ],
)
def test_a_command_line_that_makes_no_sense_is_explained(terminal: Terminal, line: str, words: str) -> None:
    refused = terminal.types(line)
    assert (refused.code, refused.out) == (2, "")
    assert words in refused.err


def test_a_database_that_does_not_answer_is_said_in_one_line() -> None:
    refused = Terminal("postgresql://127.0.0.1:1/nothing").types("orders list")
    assert refused.code == 5
    assert refused.err.startswith("makegood: The database cannot be reached")
    assert refused.err.count("\n") == 1


@pytest.mark.parametrize("address", ["nonsense", "postgresql://[x", "host=a b"])
def test_an_address_that_makes_no_sense_is_said_in_one_line(address: str) -> None:
    refused = Terminal(address).types("orders list")
    assert refused.code == 5
    assert refused.err.startswith("makegood: The database cannot be reached: its address cannot be read: ")
    assert refused.err.count("\n") == 1


def test_a_setting_of_the_environment_that_makes_no_sense_is_named(terminal: Terminal) -> None:
    terminal.env["MAKEGOOD_CONNECTIONS"] = "many"
    refused = terminal.types("orders list")
    assert refused.code == 2
    assert "MAKEGOOD_CONNECTIONS" in refused.err


def test_a_defect_shows_where_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    def breaks() -> None:
        raise ZeroDivisionError("by zero")

    assert leave(breaks, as_json=False) == 70
    assert "Traceback" in capsys.readouterr().err


def test_a_broken_law_is_no_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    def breaks() -> None:
        raise LawBroken(["line 1 has too much"])

    assert leave(breaks, as_json=False) == 4
    assert "Traceback" not in capsys.readouterr().err


def test_facts_of_any_kind_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    def breaks() -> None:
        raise OrderNotFound(Path("x"))

    assert leave(breaks, as_json=True) == 3
    assert json.loads(capsys.readouterr().out)["error"]["facts"] == {"order": "x"}


def test_business_time_and_actor_are_as_said(clerk: Terminal) -> None:
    clerk.does("--as-of 2026-03-02T09:00Z --actor bob orders place 1001 MUG=1")
    order = clerk.does("orders show 1001 --json").json
    assert order["order"]["placed_at"] == "2026-03-02T09:00:00Z"
    assert order["attempts"][0]["actor"] == "bob"


def test_the_version_is_told() -> None:
    assert CliRunner().invoke(app, ["--version"]).stdout.startswith("makegood ")


def test_a_reader_who_leaves_early_is_no_error(clerk: Terminal) -> None:
    for number in range(4):
        clerk.does(f"orders place O{number} MUG=1")
    gone, pipe = os.pipe()
    os.close(gone)
    with clerk.starts("orders", "list", stdout=pipe) as process:
        os.close(pipe)
        _, err = process.communicate(timeout=60)
    assert process.returncode == 141
    assert "Traceback" not in err
    assert "BrokenPipe" not in err


def test_a_refusal_is_told_though_stdout_takes_nothing(clerk: Terminal) -> None:
    with open("/dev/full", "w") as full, clerk.starts("orders", "show", "NOPE", "--json", stdout=full) as process:
        _, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (3, "makegood: Order not found: NOPE. See `makegood orders list`.\n")


@pytest.mark.parametrize("asked", ["orders list", "orders list --json", "orders list --help"])
def test_output_that_finds_no_room_is_told_in_a_line(clerk: Terminal, asked: str) -> None:
    clerk.does("orders place O1 MUG=1")
    with open("/dev/full", "w") as full, clerk.starts(*asked.split(), stdout=full) as process:
        _, err = process.communicate(timeout=60)
    assert process.returncode == 74
    assert err == (
        "makegood: the output could not be written: No space left on device. "
        "Make room, and look in the books for what was done before you ask again.\n"
    )


def test_ctrl_c_leaves_nothing_half_done(clerk: Terminal, books: Database) -> None:
    clerk.does("orders place 1001 MUG=5")
    with psycopg.connect(books.conninfo) as other:
        other.execute("SELECT FROM orders FOR UPDATE")
        with clerk.starts("orders", "cancel", "1001") as process:
            wait_for_a_lock(books)
            process.send_signal(signal.SIGINT)
            _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert err == "Stopped. Nothing is half done.\n"
    assert clerk.does("orders show 1001 --json").json["order"]["status"] == "BACKORDERED"


def wait_for_a_lock(books: Database) -> None:
    with psycopg.connect(books.conninfo, autocommit=True) as watcher:
        for _ in range(600):
            if watcher.execute(
                "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
            ).fetchone():
                return
            time.sleep(0.05)
    raise AssertionError("nobody waits for a lock")


def test_the_real_program_speaks_plainly_into_a_pipe(clerk: Terminal) -> None:
    clerk.does(
        "orders place 1001 MUG=5 --customer", "Ann of the very long name, who would never fit on a line" * 3
    )
    piped = Terminal(clerk.address, width=None).runs("orders", "list")
    assert piped.code == 0
    assert len(piped.out.splitlines()) == 2
    assert "\x1b" not in piped.out


def test_completion_knows_the_commands(terminal: Terminal) -> None:
    terminal.env |= {"_MAKEGOOD_COMPLETE": "complete_bash", "COMP_WORDS": "makegood or", "COMP_CWORD": "1"}
    assert terminal.runs().out.split() == ["orders"]
    terminal.env |= {"COMP_WORDS": "makegood orders sh", "COMP_CWORD": "2"}
    assert terminal.runs().out.split() == ["show", "shipped", "short-pick"]
    terminal.env |= {"COMP_WORDS": "makegood backorders list --status p", "COMP_CWORD": "4"}
    assert terminal.runs().out.split() == ["pending", "partially_fulfilled"]


@pytest.mark.skipif(shutil.which("bash") is None, reason="LEFT OUT: there is no bash to complete in")
@pytest.mark.parametrize(
    ("typed", "completed"),
    [("backo", "backorders"), ("backorders ful", "fulfill fulfill-all"), ("backorders list --sort p", "priority")],
)
def test_completion_works_in_a_real_shell(terminal: Terminal, typed: str, completed: str) -> None:
    # It asks which shell called it, and `make` may call by another one.
    terminal.env |= {"_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION": "1"}
    shown = terminal.runs("--show-completion", "bash")
    assert shown.out.strip(), shown
    script = shown.out
    tab = "COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _makegood_completion makegood; echo ${COMPREPLY[@]}"
    told = subprocess.run(
        ["bash", "-c", f"{script}\nCOMP_WORDS=(makegood {typed}); {tab}"],
        env={"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert told.stdout.split() == completed.split(), told
