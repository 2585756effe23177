"""Files over HTTP: what is taken in, what is refused row by row, and what comes out again."""

import csv
import gzip
import json
from io import BytesIO, StringIO
from typing import Any

import polars
import pytest

from makegood.domain.accounts import Role
from makegood.services.doctor import doctor
from tests.entrypoints.api.visitors import Api, Visitor

ROWS = [
    {"number": "1001", "sku": "MUG", "quantity": 2},
    {"number": "1001", "sku": "LID", "quantity": 1},
    {"number": "1002", "sku": "MUG", "quantity": 1},
]
CSV = "number,sku,quantity\n" + "".join(f"{row['number']},{row['sku']},{row['quantity']}\n" for row in ROWS)
LINES = "".join(json.dumps(row) + "\n" for row in ROWS)


def parquet() -> bytes:
    """Give the rows as a Parquet file."""
    made = BytesIO()
    polars.DataFrame(ROWS).write_parquet(made)
    return made.getvalue()


FORMS = {
    "csv": CSV.encode(),
    "json lines": LINES.encode(),
    "json": json.dumps({"orders": ROWS}, indent=2).encode(),
    "json list": json.dumps(ROWS).encode(),
    "parquet": parquet(),
    "gzip": gzip.compress(CSV.encode()),
}


@pytest.fixture
def manager(api: Api) -> Visitor:
    """Somebody who may take files in."""
    return api.visitor(Role.MANAGER)


def takes(visitor: Visitor, kind: str, content: bytes, **query: Any) -> Any:
    """Send a file as the body and insist that it was taken."""
    answer = visitor.calls("POST", f"/imports/{kind}", content=content, params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.mark.parametrize("form", FORMS)
def test_every_form_lands_once(api: Api, manager: Visitor, form: str) -> None:
    first, again = (takes(manager, "orders", FORMS[form]) for _ in range(2))
    assert (first["read"], first["landed"], first["things"], first["bad"]) == (3, 3, 2, 0), first["problems"]
    assert (again["landed"], again["unchanged"]) == (0, 3)
    assert [one["number"] for one in manager.asks("/orders", sort="oldest")["orders"]] == ["1001", "1002"]


def test_a_file_comes_as_a_part_of_a_form(api: Api, manager: Visitor) -> None:
    told = manager.calls("POST", "/imports/orders", files={"file": ("orders.csv", CSV.encode())}).json()
    assert told["landed"] == 3
    empty = manager.calls("POST", "/imports/orders", files={"note": (None, "no file")})
    assert (empty.status_code, empty.json()["code"]) == (422, "unreadable_file")


def test_bad_rows_are_told_and_the_good_ones_land(api: Api, manager: Visitor) -> None:
    told = takes(manager, "orders", (CSV + "1003,MUG,none\n1004,NOSUCH,1\n").encode())
    assert (told["landed"], told["bad"]) == (3, 2)
    assert [(one["line"], one["field"], one["value"]) for one in told["problems"]] == [
        (5, "quantity", "none"),
        (6, "sku", "NOSUCH"),
    ]
    assert all(one["because"] and one["remedy"] for one in told["problems"])


def test_a_dry_run_writes_nothing_and_headers_can_be_others(api: Api, manager: Visitor) -> None:
    content = CSV.replace("number", "Order").replace("sku", "Article").encode()
    query = {"columns": ["number=Order", "sku=Article"]}
    assert takes(manager, "orders", content, dryRun=True, **query)["landed"] == 3
    assert manager.asks("/orders")["total"] == 0
    assert takes(manager, "orders", content, **query)["landed"] == 3


def test_stated_stock_serves_whoever_waits(api: Api, manager: Visitor) -> None:
    api.shop.order("1001", MUG=2)
    takes(manager, "stock", b"sku,warehouse,location,quantity\nMUG,EAST,A-01,5\n", name="monday")
    api.shop.check()
    assert (api.shop.status("1001"), api.shop.free("MUG")) == ("ALLOCATED", 3)
    assert api.shop.value("SELECT max(trigger_source) FROM stock_movements") == "import:monday"
    assert [finding.words for finding in doctor(api.shop.books, api.shop.clock).findings] == []


def test_what_is_too_large_is_refused_before_it_is_read(api: Api, manager: Visitor) -> None:
    answer = manager.calls("POST", "/imports/orders", content=b" " * (api.front.rules.most_upload + 1))
    assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")


def test_who_took_a_file_in_is_on_record(api: Api, manager: Visitor) -> None:
    takes(manager, "orders", CSV.encode())
    (act,) = api.visitor(Role.ADMIN).asks("/audit", subject="/imports/orders")["acts"]
    assert (act["act"], act["facts"]) == ("POST /imports/{kind}", {"kind": "orders", "landed": 3, "bad": 0})


@pytest.mark.parametrize("form", ["csv", "jsonl", "parquet"])
def test_what_comes_out_goes_in_again(api: Api, manager: Visitor, form: str) -> None:
    takes(manager, "orders", CSV.encode())
    answer = manager.calls("GET", "/exports/orders", params={"format": form})
    assert answer.headers["content-disposition"] == f'attachment; filename="orders.{form}"'
    assert takes(manager, "orders", answer.content)["unchanged"] == 3


def test_what_people_wrote_is_no_formula_of_a_spreadsheet(api: Api, manager: Visitor) -> None:
    wrote = {"customerName": '=HYPERLINK("http://x")', "customerReference": "'+1", "channel": "-"}
    manager.does("/orders", {"number": "@1", "lines": [{"sku": "MUG", "quantity": 1}], **wrote})
    file = manager.calls("GET", "/exports/orders").content
    (row,) = csv.DictReader(StringIO(file.decode()))
    assert (row["number"], row["customer_name"][:2], row["customer_reference"], row["channel"]) == (
        "'@1",
        "'=",
        "''+1",
        "'-",
    )
    assert takes(manager, "orders", file)["unchanged"] == 1


def test_an_empty_file_has_the_headers(manager: Visitor) -> None:
    answer = manager.calls("GET", "/imports/orders/template")
    assert answer.text.startswith("number,sku,quantity,")
    assert takes(manager, "orders", answer.content)["read"] == 0


def test_another_merchants_orders_are_neither_seen_nor_made(api: Api) -> None:
    api.shop.change("INSERT INTO merchants (code) VALUES ('acme')")
    limited = api.visitor(Role.MANAGER, merchants=["acme"])
    told = takes(limited, "orders", CSV.encode(), create=True)
    assert (told["landed"], {one["field"] for one in told["problems"]}) == (0, {"merchant"})
    assert limited.refused("GET", "/exports/orders") == (403, "merchants_limited")
