"""Reading files: what a person wrote is what arrives, whatever the separators, quotes, line ends and marks."""

import csv
import gzip
import io
from pathlib import Path
from resource import RUSAGE_SELF, getrusage
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from makegood.services.files.columns import Columns
from makegood.services.files.entries import OrderEntry, StockEntry
from makegood.services.files.grouping import Together, groups
from makegood.services.files.rows import Group, Row, SourceRow
from makegood.services.files.source import opened
from makegood.services.files.writing import writing
from tests.services.importing import take
from tests.shop import Shop

TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0\r"), max_size=12)
FOLDER = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)


def read(path: Path, entry: type[Any] = OrderEntry, **how: Any) -> list[SourceRow]:
    columns: Columns[Any] = Columns(entry, {})
    with opened(path, recognised=columns.knows, **how) as source:
        return list(source.rows)


@FOLDER
@given(
    rows=st.lists(st.tuples(TEXT.filter(str.strip), TEXT, TEXT), min_size=1, max_size=8),
    delimiter=st.sampled_from(",;\t"),
    ends=st.sampled_from(["\n", "\r\n"]),
    mark=st.booleans(),
    packed=st.booleans(),
)
def test_what_was_written_is_read(
    tmp_path: Path, rows: list[tuple[str, ...]], delimiter: str, ends: str, mark: bool, packed: bool
) -> None:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter, lineterminator=ends).writerows([("number", "sku", "quantity"), *rows])
    content = text.getvalue().encode("utf-8-sig" if mark else "utf-8")
    path = tmp_path / "file.csv"
    path.write_bytes(gzip.compress(content) if packed else content)
    found = read(path)
    assert [tuple(row.cells.values()) for row in found if not row.fault] == rows
    lines = [row.line for row in found]
    assert lines == sorted(set(lines))
    assert lines[0] == 2


@FOLDER
@given(content=st.text(st.characters(codec="utf-8"), max_size=200))
def test_any_text_below_the_headers_is_read_or_told(tmp_path: Path, content: str) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes(b"number,sku,quantity\n" + content.encode())
    columns: Columns[OrderEntry] = Columns(OrderEntry, {})
    together = Together(("merchant", "number"), "order", 100)
    for thing in groups(read(path), columns, together):
        assert isinstance(thing, Group) or thing.problems


ODD = ["2026-03-02", "5", "1e400", "9" * 40, "NaN", "12,5", "0001-01-01T00:00:00+14:00", "9999-12-31"]
CELL: st.SearchStrategy[object] = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    TEXT,
    st.dates(),
    st.datetimes(),
    st.lists(TEXT, max_size=2),
    st.sampled_from(ODD),
)


@pytest.mark.parametrize("entry", [OrderEntry, StockEntry])
@given(values=st.data())
def test_a_row_of_anything_is_typed_or_told(entry: type[Any], values: st.DataObject) -> None:
    columns: Columns[Any] = Columns(entry, {})
    cells = {name: values.draw(CELL, name) for name in columns.columns}
    typed = columns.typed(SourceRow(2, cells))
    assert isinstance(typed, Row) or all(problem.remedy and str(problem) for problem in typed)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(
    rows=st.lists(
        st.tuples(TEXT, TEXT, st.sampled_from(["1", "999999999", "0", "x"]), TEXT, CELL.map(str)), max_size=5
    )
)
def test_no_row_keeps_the_books_from_taking_the_others(shop: Shop, rows: list[tuple[str, ...]]) -> None:
    text = io.StringIO(newline="")
    head = ("number", "sku", "quantity", "customer_name", "placed_at")
    csv.writer(text).writerows([head, *rows, ("good", "MUG", "1", "", "")])
    made = take(shop, "orders", text.getvalue(), create=True)
    assert made.landed + made.unchanged >= 1
    assert shop.status("good") == "BACKORDERED"


def test_utf_16_is_known_by_its_mark(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes("number\tsku\tquantity\n1\tRené\t2\n".encode("utf-16"))
    assert [row.cells["sku"] for row in read(path)] == ["René"]


def test_a_quote_that_is_never_closed_is_told_with_its_lines(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_text('number,sku,quantity\n1,MUG,2\n2,"MUG,2\n3,MUG,1\n')
    good, bad = read(path)
    assert good.cells["number"] == "1"
    assert bad.line == 3
    assert bad.fault is not None
    assert "it goes on to line 4" in bad.fault.because


def test_a_row_with_too_many_cells_is_told(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_text("number,sku,quantity\n1,MUG,2,3\n")
    fault = read(path)[0].fault
    assert fault is not None
    assert fault.because == "has 4 cells, the header has 3"


def test_order_numbers_may_begin_with_a_hash(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_text("number,sku,quantity\n# example: 1,MUG,2\n#1001,MUG,2\n")
    assert [row.cells["number"] for row in read(path)] == ["#1001"]


def test_an_order_may_not_be_endless(tmp_path: Path) -> None:
    columns: Columns[OrderEntry] = Columns(OrderEntry, {})
    rows = (SourceRow(n, {"number": "A", "sku": "MUG", "quantity": 1}) for n in range(2, 12))
    found = list(groups(rows, columns, Together(("merchant", "number"), "order", 4)))
    assert [len(thing.rows) for thing in found] == [5, 5]
    assert all(not isinstance(thing, Group) for thing in found)


@pytest.mark.slow
@pytest.mark.parametrize("form", ["csv", "jsonl", "parquet"])
def test_a_big_file_is_not_held_in_memory(tmp_path: Path, form: str) -> None:
    path = tmp_path / f"stock.{form}"
    columns: Columns[StockEntry] = Columns(StockEntry, {})
    with writing(path, ["sku", "warehouse", "location", "quantity"]) as writer:
        writer.write_all((f"SKU-{number}", "EAST", f"B-{number % 900}", 5) for number in range(300_000))
    with opened(path, recognised=columns.knows) as source:
        held = []
        for number, row in enumerate(source.rows):
            assert isinstance(columns.typed(row), Row)
            if number in (50_000, 299_999):
                held.append(getrusage(RUSAGE_SELF).ru_maxrss)
    assert held[1] - held[0] < 60 << 10, "kilobytes"


def test_a_file_that_cannot_be_written_whole_leaves_the_old_one(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    path.write_text("old")

    def write_and_fail() -> None:
        with writing(path, ["sku"]) as writer:
            writer.write(["MUG"])
            raise RuntimeError

    with pytest.raises(RuntimeError):
        write_and_fail()
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]
