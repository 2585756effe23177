"""How tables look on wide and narrow screens, and records as JSON."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from makegood.domain.plain import as_plain
from makegood.domain.states import OrderStatus
from makegood.entrypoints.cli.output import Column, Status, put, put_facts, put_table, text, units
from makegood.services.show_stock import WarehouseSheet

COLUMNS = [Column("Order"), text("Customer", spare=True), units("Units"), Column("Lot", spare=True)]
ROWS = [("1001", "Ann", 12500, ""), ("7", "Bob of the Hill", 3, "")]


@pytest.fixture
def printed(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> object:
    def printed_at(width: int) -> list[str]:
        monkeypatch.setenv("COLUMNS", str(width))
        put_table(COLUMNS, ROWS)
        return capsys.readouterr().out.splitlines()

    return printed_at


def test_numbers_stand_right_and_empty_columns_are_left_out(printed: object) -> None:
    assert callable(printed)
    assert printed(80) == [
        "Order  Customer          Units",
        "1001   Ann              12,500",
        "7      Bob of the Hill       3",
    ]


def test_what_can_be_spared_goes_when_it_is_tight(printed: object) -> None:
    assert callable(printed)
    assert printed(24) == ["Order   Units", "1001   12,500", "7           3"]


def test_a_screen_too_small_for_a_table_gets_a_list(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "20")
    put_table(
        [Column("Order"), units("Units"), units("Reserved"), units("Short")], [("1", 5, 2, 3), ("2", 4, 4, 0)]
    )
    assert capsys.readouterr().out.splitlines() == [
        "Order     1",
        "Units     5",
        "Reserved  2",
        "Short     3",
        "",
        "Order     2",
        "Units     4",
        "Reserved  4",
        "Short     0",
    ]


def test_names_are_shown_as_they_are(capsys: pytest.CaptureFixture[str]) -> None:
    put_facts([("Name", "[bold]Mug[/bold]"), ("Status", Status("ON_HOLD")), ("Nothing", "")])
    assert capsys.readouterr().out == "Name    [bold]Mug[/bold]\nStatus  on hold\n"


def test_every_kind_of_value_becomes_plain() -> None:
    given = {
        "status": OrderStatus.ON_HOLD,
        "at": datetime(2026, 3, 2, 9, tzinfo=UTC),
        "day": date(2026, 3, 2),
        "price": Decimal("4.50"),
        "site": WarehouseSheet("EAST", "", 1, True, True, 0),
        "many": {3},
    }
    plain = as_plain(given)
    assert plain["status"] == "ON_HOLD"
    assert plain["at"] == "2026-03-02T09:00:00Z"
    assert (plain["day"], plain["price"], plain["many"]) == ("2026-03-02", "4.50", [3])
    assert plain["site"]["code"] == "EAST"


def test_printing_ends_with_one_line_break(capsys: pytest.CaptureFixture[str]) -> None:
    put("a\n\n")
    assert capsys.readouterr().out == "a\n"
