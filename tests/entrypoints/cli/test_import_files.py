"""Files in and out as a person does it: what lands, what is told, what the exit code says."""

import gzip
import json
import sys
from importlib import import_module
from pathlib import Path

import pytest

from makegood.services.files.columns import columns_of
from tests.entrypoints.cli.conftest import Terminal

KINDS = ("orders", "stock", "variants", "locations", "returns")
ORDERS = "number,sku,quantity\n1001,MUG,2\n1001,LID,1\n1002,MUG,5\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "file.csv"


def test_orders_land_and_the_same_file_again_changes_nothing(clerk: Terminal, file: Path) -> None:
    file.write_text(ORDERS)
    first = clerk.does("import orders", str(file))
    assert first.out == "3 rows read, 3 landed (2 orders), 0 unchanged, 0 bad.\n"
    assert clerk.does("import orders", str(file)).out == "3 rows read, 0 landed, 3 unchanged, 0 bad.\n"
    assert clerk.does("orders show 1001 --json").json["order"]["status"] == "BACKORDERED"


def test_a_bad_row_is_told_with_line_field_value_and_remedy_and_the_rest_lands(
    clerk: Terminal, file: Path
) -> None:
    file.write_text("number,sku,quantity\n1001,MUG,two\n1002,MUG,5\n1003,JUG,1\n")
    answer = clerk.types("import orders", str(file))
    assert answer.code == 1
    assert (
        "line 2, quantity: 'two': is not a whole number from 1 to 1,000,000,000. Give a whole number" in answer.err
    )
    assert (
        "line 4, sku: 'JUG': no such variant. Import it with the variants, or import with the option create."
        in answer.err
    )
    assert answer.out == "3 rows read, 1 landed, 0 unchanged, 2 bad.\n"


def test_json_gives_one_object(clerk: Terminal, file: Path) -> None:
    file.write_text("number,sku,quantity,colour\n1001,MUG,0,red\n")
    answer = clerk.types("import orders --json", str(file))
    assert answer.json["problems"] == [
        {
            "line": 2,
            "field": "quantity",
            "value": "0",
            "because": "is not a whole number from 1 to 1,000,000,000",
            "remedy": "Give a whole number from 1 to 1,000,000,000",
        }
    ]
    counts = {name: answer.json[name] for name in ("read", "landed", "unchanged", "bad", "ignored_columns")}
    assert counts == {"read": 1, "landed": 0, "unchanged": 0, "bad": 1, "ignored_columns": ["colour"]}


def test_stock_from_a_file_goes_to_whoever_waits(clerk: Terminal, file: Path) -> None:
    clerk.does("orders place 7 MUG=3")
    file.write_text("sku,warehouse,location,quantity\nmug,EAST,A-01,5\n")
    answer = clerk.does("import stock --id monday", str(file))
    assert "Order 7 got 3 units and is allocated now." in answer.err
    file.write_text("sku,warehouse,location,quantity\nmug,EAST,A-01,1\n")
    clerk.does("import stock", str(file))
    assert clerk.does("orders show 7 --json").json["order"]["status"] == "PARTIALLY_ALLOCATED"


def test_rows_that_were_not_taken_can_be_mended_and_imported(clerk: Terminal, file: Path, tmp_path: Path) -> None:
    file.write_text("Order;Article;Qty\n1001;MUG;two\n1001;LID;1\n1002;MUG;5\n")
    bad = tmp_path / "bad.csv"
    columns = "--columns number=Order,sku=Article,quantity=Qty"
    assert clerk.types(f"import orders {columns} --bad-rows {bad}", str(file)).code == 1
    kept = bad.read_text()
    assert kept.splitlines()[0] == "Order,Article,Qty,unreadable,problem"
    assert len(kept.splitlines()) == 3, "both rows of order 1001"
    bad.write_text(kept.replace("two", "2"))
    assert clerk.does(f"import orders {columns}", str(bad)).out.startswith("2 rows read, 2 landed (1 order)")


def test_a_dry_run_tells_everything_and_writes_nothing(clerk: Terminal, file: Path) -> None:
    file.write_text("number,sku,quantity\n1001,MUG,2\n1002,JUG,2\n")
    answer = clerk.types("import orders --dry-run --create", str(file))
    assert answer.out == "Dry run, nothing was written: 2 rows read, 2 would land, 0 unchanged, 0 bad.\n"
    assert clerk.types("import orders --dry-run", str(file)).code == 1
    assert clerk.types("orders show 1001").code == 3


@pytest.mark.parametrize("kind", KINDS)
def test_a_template_is_an_empty_file(terminal: Terminal, file: Path, kind: str) -> None:
    file.write_text(terminal.does(f"import {kind} --template").out)
    assert len(file.read_text().splitlines()) == 2
    assert terminal.does(f"import {kind}", str(file)).out.startswith("0 rows read")


@pytest.mark.parametrize(
    ("content", "options", "message"),
    [
        (b"", "", "it is empty"),
        (b"number,quantity\n1,2\n", "", "no column sku; it has number, quantity"),
        (b"number,sku,SKU,quantity\n1,2,3,4\n", "", "several columns stand for sku"),
        ("number,sku,quantity\n1,Caf\u00e9,2\n".encode("cp1252"), "", "line 2 is not UTF-8; say which encoding"),
        (gzip.compress(ORDERS.encode(), mtime=0)[:-9], "", "ended before"),
        (b"number,sku,quantity\n", "--columns number=Order", "no header is the one given for number"),
        (b"number,sku,quantity\n", "--columns nummer=Order", "is not one of the columns number, sku"),
        (b"number,sku,quantity\n", "--columns number", "of the form column=YourHeader"),
        (b"number,sku,quantity\n", "--encoding klingon", "is not an encoding"),
        (b"number,sku,quantity\n", "--format xlsx", "one of csv, jsonl, json, parquet"),
        (b"PAR1 is no Parquet", "--format parquet", "it is no Parquet file"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(
    terminal: Terminal, file: Path, content: bytes, options: str, message: str
) -> None:
    file.write_bytes(content)
    answer = terminal.types(f"import orders {options}", str(file))
    assert answer.code == 2
    assert message in answer.err


def test_a_file_that_is_not_there_or_has_no_known_ending(terminal: Terminal, tmp_path: Path) -> None:
    assert "No such file" in terminal.types(f"import orders {tmp_path}/none.csv").err
    assert "does not end in" in terminal.types(f"import orders {tmp_path}/orders.xlsx").err
    assert terminal.types("import orders").code == 2


def test_the_encoding_can_be_said(clerk: Terminal, file: Path) -> None:
    file.write_bytes("number,sku,quantity,customer_name\n1,MUG,2,Ren\u00e9\n".encode("cp1252"))
    clerk.does("import orders --encoding cp1252", str(file))
    assert clerk.does("orders show 1 --json").json["order"]["customer_name"] == "Ren\u00e9"


def test_stdin_is_read_whatever_its_form(clerk: Terminal) -> None:
    csv = clerk.types("import orders -", input=ORDERS)
    assert csv.out.startswith("3 rows read, 3 landed")
    jsonl = clerk.types("import orders -", input='{"number": 9, "sku": "MUG", "quantity": 4}\n')
    assert jsonl.out.startswith("1 row read, 1 landed")


def test_parquet_without_its_extra_names_the_extra(
    terminal: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "polars", None)
    answer = terminal.types(f"import orders {tmp_path}/orders.parquet")
    assert (answer.code, "makegood[parquet]" in answer.err) == (2, True)


@pytest.mark.parametrize("name", ["out.csv", "out.csv.gz", "out.jsonl", "out.jsonl.gz", "out.parquet"])
@pytest.mark.parametrize("kind", KINDS)
def test_what_is_exported_is_read_back_unchanged(clerk: Terminal, tmp_path: Path, kind: str, name: str) -> None:
    live_a_little(clerk, tmp_path)
    out = tmp_path / name
    clerk.does(f"export {kind} {out}")
    again = clerk.does(f"import {kind} {out} --json").json
    assert again["read"] == again["unchanged"] > 0


def live_a_little(clerk: Terminal, folder: Path) -> None:
    """Let the books hold one of everything that a column can say."""
    files = {
        "variants": "sku,name,weight_g,lot_tracked,expiry_tracked,min_shelf_life_days,aliases,barcodes\n"
        'MILK,"Milk, ""fresh""",1000,yes,yes,3,MLK|"A|B",4006381333931\n',
        "locations": "warehouse,location,type,is_pickable,active,pick_sequence\nEAST,B-01,STORAGE,no,yes,-4\n",
        "stock": "sku,warehouse,location,quantity,status,lot,expires_on\nMUG,EAST,A-01,9,,,\n"
        "MILK,EAST,A-01,6,AVAILABLE,L1,2026-12-31\nMILK,EAST,B-01,2,DAMAGED,,\n",
        "orders": "number,sku,quantity,placed_at,channel,customer_name,priority,ship_policy,when_short,"
        "requested_date,unit_price,currency,line_priority\n"
        "1001,MUG,2,2026-03-02 09:00:00.25+02:00,web,Ada,RUSH,COMPLETE,reserve,2026-04-01,12.5,EUR,\n"
        "1001,MILK,8,,,,,,,,0.0123,EUR,CRITICAL\n",
        "returns": "reference,sku,quantity,warehouse,location,status,lot,expires_on,order\n"
        "R-1,MUG,1,EAST,A-01,,,,1001\nR-1,MILK,1,EAST,B-01,QUARANTINE,L1,,1001\n",
    }
    for kind, content in files.items():
        (folder / "in.csv").write_text(content)
        clerk.does(f"import {kind} {folder}/in.csv")


def test_an_export_to_stdout_can_be_piped_into_an_import(clerk: Terminal) -> None:
    lines = clerk.does("export variants - --format jsonl").out.splitlines()
    assert [json.loads(line)["sku"] for line in lines] == ["MUG", "LID"]


def test_closed_orders_are_exported_only_on_request(clerk: Terminal) -> None:
    clerk.does("orders place 1 MUG=1")
    clerk.does("orders cancel 1")
    assert len(clerk.does("export orders -").out.splitlines()) == 1
    assert len(clerk.does("export orders - --closed").out.splitlines()) == 2


@pytest.mark.parametrize("kind", KINDS)
def test_the_guide_names_every_column(kind: str) -> None:
    guide = (Path(__file__).parents[3] / "docs" / "guides" / "import-files.md").read_text()
    about = import_module(f"makegood.services.import_{kind}").KIND
    assert [name for name in columns_of(about.entry) if f"`{name}`" not in guide] == []
