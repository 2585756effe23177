"""The reader takes month files in any number; what is wrong with a row is told by its place."""

import gzip
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from makegood.domain.errors import UnreadableFile
from makegood.services.replay.invoice_rows import BadRow, month_files, read_rows
from makegood.services.replay.shop_book import (
    BELOW_ZERO,
    NOT_A_SALE,
    NOT_GOODS,
    ODD_RETURN,
    Item,
    kind_of,
    shop_book,
    sku_key,
)

HEADER = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country"
FILES = Path(__file__).parent / "files"


def a_row(
    invoice: str = "700001",
    code: str = "10001A",
    quantity: object = 2,
    at: str = "2024-09-02 08:42:00",
    price: str = "4.35",
    *,
    name: str = "ASSAM TIN",
    customer: str = "15003.0",
    country: str = "United Kingdom",
) -> str:
    return f"{invoice},{code},{name},{quantity},{at},{price},{customer},{country}"


def a_file(folder: Path, *rows: str, name: str = "2024-09.csv") -> Path:
    file = folder / name
    raw = "\n".join([HEADER, *rows, ""]).encode()
    file.write_bytes(gzip.compress(raw) if name.endswith(".gz") else raw)
    return file


def test_rows_of_several_files_come_in_the_order_of_time(tmp_path: Path) -> None:
    a_file(tmp_path, a_row("3", at="2024-09-03 10:00:00"), a_row("1", at="2024-09-01 10:00:00"), name="a.csv")
    a_file(tmp_path, a_row("2", at="2024-09-02 10:00:00"), name="b.csv.gz")
    assert [row.invoice for row in read_rows(month_files(tmp_path)).rows] == ["1", "2", "3"]


def test_a_gzip_file_is_known_by_its_bytes_and_not_by_its_name(tmp_path: Path) -> None:
    file = tmp_path / "september.csv"
    file.write_bytes(gzip.compress(f"{HEADER}\n{a_row()}\n".encode()))
    assert len(read_rows([file]).rows) == 1


def test_the_same_month_as_csv_and_as_gzip_counts_once(tmp_path: Path) -> None:
    a_file(tmp_path, a_row(), name="2024-09.csv")
    a_file(tmp_path, a_row(), name="2024-09.csv.gz")
    read = read_rows(month_files(tmp_path))
    assert (len(read.rows), read.repeats) == (1, ["2024-09.csv.gz"])


def test_the_customer_loses_the_decimals_that_a_spreadsheet_gave_him(tmp_path: Path) -> None:
    read = read_rows([a_file(tmp_path, a_row(customer="15003.0"), a_row(customer=""))])
    assert [row.customer for row in read.rows] == ["15003", ""]


@pytest.mark.parametrize(
    ("row", "field", "value"),
    [
        (a_row(invoice=""), "InvoiceNo", ""),
        (a_row(code=" "), "StockCode", ""),
        (a_row(quantity="two"), "Quantity", "two"),
        (a_row(quantity="0"), "Quantity", "0"),
        (a_row(quantity="99999999999"), "Quantity", "99999999999"),
        (a_row(at="31/12/2024"), "InvoiceDate", "31/12/2024"),
        (a_row(at="0211-01-18 10:01:00"), "InvoiceDate", "0211-01-18 10:01:00"),
        (a_row(price="free"), "UnitPrice", "free"),
        (a_row(price="NaN"), "UnitPrice", "NaN"),
        ("700001,10001A", "row", "2"),
    ],
)
def test_a_bad_row_is_told_by_file_line_and_field_and_the_others_land(
    tmp_path: Path, row: str, field: str, value: str
) -> None:
    read = read_rows([a_file(tmp_path, a_row("1"), row, a_row("3"))])
    assert [found.invoice for found in read.rows] == ["1", "3"]
    assert [(bad.file, bad.line, bad.field, bad.value) for bad in read.bad] == [("2024-09.csv", 3, field, value)]


def test_a_bad_row_below_a_name_of_two_lines_is_told_by_its_own_line(tmp_path: Path) -> None:
    read = read_rows([a_file(tmp_path, a_row(name='"TEA\nTIN"'), a_row(quantity="x"))])
    assert [bad.line for bad in read.bad] == [4]


def test_a_bad_row_reads_as_a_sentence() -> None:
    bad = BadRow("2024-09.csv", 3, "Quantity", "two", "a whole number")
    assert str(bad) == "2024-09.csv, line 3: Quantity 'two' is not a whole number"


@pytest.mark.parametrize(
    ("raw", "because"),
    [(b"a,b,c\n1,2,3\n", "lacks the column"), (b"", "lacks the column"), (b"\x1f\x8bnot gzip", "x.csv")],
)
def test_a_file_of_another_form_is_refused_whole(tmp_path: Path, raw: bytes, because: str) -> None:
    file = tmp_path / "x.csv"
    file.write_bytes(raw)
    with pytest.raises(UnreadableFile, match=because):
        read_rows([file])


def test_a_gzip_file_that_was_cut_off_is_refused_whole(tmp_path: Path) -> None:
    file = a_file(tmp_path, *(a_row(str(number)) for number in range(100)), name="x.csv.gz")
    file.write_bytes(file.read_bytes()[:-20])
    with pytest.raises(UnreadableFile):
        read_rows([file])


@pytest.mark.parametrize("place", ["", "nowhere"])
def test_a_folder_without_month_files_is_refused(tmp_path: Path, place: str) -> None:
    with pytest.raises(UnreadableFile):
        month_files(tmp_path / place)


@pytest.mark.parametrize(
    ("row", "kind"),
    [
        (a_row(), "order"),
        (a_row("C700002", quantity=-2), "return"),
        (a_row("c700002", quantity=-2), "return"),
        (a_row("C700002", quantity=2), ODD_RETURN),
        (a_row(quantity=-3, price="0.0", name="damaged"), "write-off"),
        (a_row(price="0.0"), NOT_A_SALE),
        (a_row("A700003", price="-11062.06"), BELOW_ZERO),
        *((a_row(code=code), NOT_GOODS) for code in ("POST", "post", "M", "BANK CHARGES", "gift_0001_20")),
        (a_row("C700002", "D", quantity=-1), NOT_GOODS),
    ],
)
def test_a_row_is_an_order_a_return_a_write_off_or_left_out_for_a_reason(
    tmp_path: Path, row: str, kind: str
) -> None:
    (found,) = read_rows([a_file(tmp_path, row)]).rows
    assert kind_of(found) == kind


def test_an_invoice_is_one_order_and_the_same_line_twice_stays_two_lines(tmp_path: Path) -> None:
    rows = [a_row(), a_row(code="10001a"), a_row(code="10001A"), a_row("700002", at="2024-09-02 08:50:00")]
    book = shop_book(read_rows([a_file(tmp_path, *rows)]).rows)
    assert [(one.number, len(one.items)) for one in book.orders] == [("700001", 3), ("700002", 1)]
    assert book.orders[0].items[1] == Item("10001a", 2, Decimal("4.35"))
    assert book.goods == {"10001a": ("10001A", "ASSAM TIN")}


def test_only_so_many_days_are_kept(tmp_path: Path) -> None:
    rows = [a_row(str(day), at=f"2024-09-0{day} 10:00:00") for day in range(1, 6)]
    book = shop_book(read_rows([a_file(tmp_path, *rows)]).rows, days=3)
    assert [one.number for one in book.orders] == ["1", "2", "3"]
    assert len(book.days) == 3


def test_every_row_of_the_tea_shop_is_somewhere() -> None:
    read = read_rows(month_files(FILES))
    book = shop_book(read.rows)
    lines = sum(len(one.items) for one in (*book.orders, *book.returns)) + len(book.write_offs)
    assert not read.bad
    assert lines + sum(book.left_out.values()) == len(read.rows)


texts = st.text(st.characters(codec="utf-8", exclude_characters='\r\n",'), max_size=12)


@given(st.lists(st.tuples(*[texts] * 8), max_size=20))
def test_whatever_stands_in_a_file_each_row_is_read_or_told(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, ...]]
) -> None:
    file = a_file(tmp_path_factory.mktemp("months"), *(",".join(row) for row in rows))
    read = read_rows([file])
    assert len(read.rows) + len(read.bad) == len(rows)


@given(st.text())
def test_a_sku_is_the_same_however_it_is_spelled(sku: str) -> None:
    assert sku_key(f" {sku}\t") == sku_key(sku)
