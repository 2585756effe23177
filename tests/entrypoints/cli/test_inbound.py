"""Supply that is due on the command line: shown first, done with --apply, told to programs in one shape."""

import pytest

from tests.entrypoints.cli.conftest import Terminal


def announced(clerk: Terminal) -> str:
    """Two mugs are wanted with A, ten come with PO-7; gives the backorder's number."""
    clerk.does("orders place A MUG=2")
    made = clerk.does("inbound create PO-7 MUG=10 --supplier ACME --due 2099-04-01 --apply --json").json
    assert [(one["reference"], one["line"], one["status"]) for one in made["inbound"]] == [("PO-7", 1, "open")]
    return str(clerk.does("backorders list --json").json["backorders"][0]["backorder_id"])


def test_what_is_only_shown_is_not_done(clerk: Terminal) -> None:
    would = clerk.does("inbound create PO-7 MUG=10 LID=2 --due 2099-04-01 --json").json["would_do"]
    assert [one["quantity_outstanding"] for one in would["inbound"]] == [10, 2]
    shown = clerk.does("inbound create PO-7 MUG=10")
    assert ("PO-7/1" in shown.out, "--apply" in shown.err) == (True, True)
    assert clerk.does("inbound list --json").json == {"inbound": [], "next": None, "total": 0}


def test_a_backorder_is_sourced_received_and_shown_in_the_skill_s_shape(clerk: Terminal) -> None:
    number = announced(clerk)
    assert "source" in clerk.does("explain A").out
    sourced = clerk.does(f"backorders source {number} PO-7 --apply --json").json
    assert (sourced["quantity_sourced"], sourced["quantity_uncovered"], sourced["source"]) == (
        2, 0, "purchase_order")  # fmt: skip
    assert "by name, due 2099-04-01" in clerk.does("explain A").out
    assert number in clerk.does("inbound show PO-7").out
    would = clerk.does("inbound receive PO-7 --at A-01 --delivery DN-1 --json").json["would_do"]
    assert (would["delivery"]["added"], would["inbound"]["status"]) == (10, "received")
    for _ in range(2):
        made = clerk.does("inbound receive PO-7 4 --at A-01 --delivery DN-1 --apply --json").json
        assert made["inbound"]["quantity_received"] == 4
    gone = clerk.does(f"backorders fulfill {number} --source purchase_order --from PO-7/1 --apply --json").json
    skill = ("status", "backorder_id", "sku", "quantity_ordered", "quantity_fulfilled", "quantity_remaining")
    assert list(gone)[:6] == list(skill)
    assert [gone[name] for name in skill] == ["fulfilled", number, "MUG", 2, 2, 0]
    shown = clerk.does(f"backorders show {number} --json").json
    assert {"quantity_allocated", "quantity_sourced", "quantity_uncovered", "priority", "expected_date",
            "promised_date", "source"} <= set(shown)  # fmt: skip
    assert [one["inbound"] for one in shown["allocations"]] == ["PO-7/1"]


def test_a_line_is_changed_cancelled_and_given_back(clerk: Terminal) -> None:
    number = announced(clerk)
    clerk.does(f"backorders source {number} PO-7 --apply")
    changed = clerk.does("inbound update PO-7 --due 2099-05-01 --units 1 --clear supplier --apply --json").json
    assert (changed["due"], changed["quantity_sourced"], changed["supplier"]) == ("2099-05-01", 1, None)
    back = clerk.does(f"backorders source {number} --release --because late --apply --json").json
    assert back["quantity_sourced"] == 0
    assert clerk.does("inbound cancel PO-7 --because sold --apply --json").json["status"] == "cancelled"
    assert clerk.types("inbound cancel PO-7 --apply").code == 4
    assert clerk.types(f"backorders source {number} PO-7 --apply").code == 4


def test_a_whole_delivery_is_received_for_a_purchase_order(clerk: Terminal) -> None:
    announced(clerk)
    clerk.does("receive DN-2 MUG=3 --at A-01 --for PO-7")
    (line,) = clerk.does("inbound list --json").json["inbound"]
    assert (line["status"], line["quantity_received"]) == ("partially_received", 3)


def test_suppliers_have_a_margin(clerk: Terminal) -> None:
    announced(clerk)
    clerk.does("inbound supplier ACME --margin 3 --apply")
    assert clerk.does("inbound show PO-7 --json").json["counted_on"] == "2099-04-04"
    assert clerk.does("inbound suppliers --json").json["suppliers"][0]["margin_days"] == 3
    assert "ACME" in clerk.does("inbound suppliers").out


def test_a_template_is_an_empty_file_of_the_kind(clerk: Terminal) -> None:
    assert clerk.does("import inbound --template").out.startswith("kind,reference,sku,quantity,line,due")


@pytest.mark.parametrize(
    "call", ["show PO-9", "receive PO-9 1 --at A-01 --delivery D --apply", "update PO-9 --units 1"]
)
def test_what_nobody_announced_is_not_found(clerk: Terminal, call: str) -> None:
    refused = clerk.types(f"inbound {call} --json")
    assert (refused.code, refused.json["error"]["code"]) == (3, "inbound_not_found")
