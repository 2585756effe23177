"""The books as a whole: status, copies, the doctor, the queue, the settings."""

import signal
from pathlib import Path

import psycopg
import pytest

from makegood.store.database import Database

from .conftest import Terminal


def test_status_says_what_is_in_the_books(clerk: Terminal) -> None:
    clerk.does("orders place 1001 MUG=5")
    told = clerk.does("db status --json").json
    assert (told["missing_migrations"], told["orders"], told["variants"]) == ([], {"BACKORDERED": 1}, 2)
    assert "1 backordered" in clerk.does("db status").out
    assert "up to date" in clerk.does("db migrate").out
    assert "The books are ready" in clerk.does("db init").out


def test_a_backup_brings_the_books_back(books_of_each: Database, tmp_path: Path) -> None:
    clerk = Terminal(books_of_each.conninfo).has_a_shop()
    clerk.does("orders place 1001 MUG=5")
    copy = tmp_path / "books.dump"
    clerk.does(f"db backup {copy}")
    clerk.does("receive D-1 MUG=5 --at A-01")
    assert clerk.types(f"db backup {copy}").code == 2
    assert clerk.types(f"db restore {copy}", input="n\n").code == 130
    assert clerk.does("orders show 1001 --json").json["order"]["status"] == "ALLOCATED"
    clerk.does(f"db restore {copy} --yes")
    assert clerk.does("orders show 1001 --json").json["order"]["status"] == "BACKORDERED"
    assert clerk.does("doctor").code == 0


def test_a_copy_that_was_cut_off_leaves_the_books_as_they_are(clerk: Terminal, tmp_path: Path) -> None:
    clerk.does("orders place 1001 MUG=5")
    copy = tmp_path / "books.dump"
    clerk.does(f"db backup {copy}")
    clerk.does("receive D-1 MUG=5 --at A-01")
    copy.write_bytes(copy.read_bytes()[: copy.stat().st_size // 2])
    refused = clerk.types(f"db restore {copy} --yes")
    assert (refused.code, "is no whole copy" in refused.err) == (2, True)
    assert clerk.does("orders show 1001 --json").json["order"]["status"] == "ALLOCATED"
    assert clerk.does("doctor").code == 0


def test_what_is_no_backup_is_not_restored(clerk: Terminal, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("nothing of the kind")
    refused = clerk.types(f"db restore {tmp_path / 'notes.txt'} --yes")
    assert refused.code == 2
    assert "makegood db backup" in refused.err


def test_the_doctor_is_content_with_books_in_order(clerk: Terminal) -> None:
    clerk.does("orders place 1001 MUG=5")
    told = clerk.does("doctor")
    assert "All laws hold." in told.err
    assert clerk.does("doctor --json").json["laws_broken"] == 0


def test_the_doctor_names_the_law_that_is_broken(clerk: Terminal, books: Database) -> None:
    clerk.does("receive D-1 MUG=5 --at A-01")
    with psycopg.connect(books.conninfo) as vandal:
        vandal.execute("UPDATE inventory_units SET quantity = quantity + 1")
    told = clerk.types("doctor")
    assert told.code == 1
    assert "Law 4 is broken" in told.out
    assert clerk.types("doctor --json").json["laws_broken"] == 1


def test_the_queue_says_when_nothing_is_left(clerk: Terminal) -> None:
    told = clerk.does("queue show")
    assert "Nothing is left to look at and nothing failed." in told.out
    assert "makegood worker" in told.err
    assert "neither rests nor failed" in clerk.does("queue retry check_backorders EAST").out
    assert clerk.types("queue retry").code == 2
    assert clerk.types("queue retry --order 1").code == 3


@pytest.mark.parametrize(("word", "value"), [("45", 45), ("0", 0)])
def test_a_setting_is_changed_by_name(clerk: Terminal, word: str, value: int) -> None:
    clerk.does(f"settings set max_backorder_days {word}")
    found = clerk.does("settings list --json").json
    assert found["settings"]["max_backorder_days"] == value
    assert found["changes"][0]["changed_by"] == "ann"
    assert "max_backorder_days" in clerk.does("settings list").out


def test_a_setting_that_makes_no_sense_is_refused(clerk: Terminal) -> None:
    assert clerk.types("settings set max_backorder_days soon").code == 2
    assert clerk.types("settings set colour red").code == 2
    assert "escalate_partial is no now." in clerk.does("settings set escalate_partial no").out


def test_the_doctor_mends_what_the_books_themselves_can_tell(clerk: Terminal, books: Database) -> None:
    clerk.does("receive D-1 MUG=5 --at A-01")
    with psycopg.connect(books.conninfo) as vandal:
        vandal.execute("UPDATE inventory_units SET quantity = quantity + 1")
    mended = clerk.does("doctor --repair")
    assert "Mended: MUG in EAST/A-01" in mended.out
    assert "All laws hold." in mended.err
    assert clerk.does("stock --json").json["stock"][0]["on_hand"] == 5


def test_a_worker_serves_the_queue_and_goes(clerk: Terminal) -> None:
    done = clerk.runs("worker", "--until-idle")
    assert (done.code, done.out) == (0, "")
    assert "The worker has stopped." in done.err


def test_a_worker_stops_in_good_order_when_asked(clerk: Terminal) -> None:
    with clerk.starts("worker") as process:
        assert process.stderr is not None
        assert "at work" in process.stderr.readline()
        while "yes" not in clerk.does("queue show").out:
            assert process.poll() is None
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
    assert process.returncode == 0
    assert "The worker has stopped." in err
