"""A file that is sent by a form: good rows land once, bad ones are listed."""

from makegood.domain.accounts import Role
from makegood.entrypoints.lobby.front import Front, Rules
from makegood.entrypoints.serve import compose
from makegood.wiring import House
from tests.entrypoints.web.site import Page, Reader, Site

FILE = b"sku,warehouse,location,quantity\nMUG,EAST,A-01,5\nMUG,EAST,NOWHERE,2\n"


def sent(reader: Reader, file: bytes = FILE, **ticks: str) -> Page:
    files = {"file": ("stock.csv", file, "text/csv")}
    form = {"kind": "stock"} | ticks
    return Page(reader.client.post("/imports", data=form, files=files, headers=reader.headers))


def test_a_file_is_checked_then_taken_in_and_its_bad_rows_are_listed(site: Site) -> None:
    manager = site.reader()
    page = sent(manager, dry_run="true")
    assert ("1 would land" in page.text, site.shop.value("SELECT count(*) FROM inventory_units")) == (True, 0)
    page = sent(manager)
    assert "2 rows read, 1 landed, 0 in the books already, 1 bad." in page.text
    assert page.rows()[0][0] == "3"
    assert site.shop.value("SELECT sum(quantity) FROM inventory_units") == 5
    assert "0 landed, 1 in the books already" in sent(manager).text
    assert sent(site.reader(Role.STAFF)).status == 403


def test_what_was_checked_is_sent_again_as_the_form_stands(site: Site) -> None:
    manager, checks = site.reader(), 'name="dry_run" value="true" checked'
    assert checks in manager.sees("/imports").html
    bad = sent(manager, dry_run="true").html
    assert ('value="stock" selected' in bad, checks in bad) == (True, True)
    good = sent(manager, dry_run="true", create="true")
    assert 'name="create" value="true" checked' in good.html
    assert (checks in good.html, "Choose the file again" in good.text) == (False, True)


def test_a_file_may_be_larger_than_a_form_and_how_large_is_a_setting(site: Site) -> None:
    site.front = Front(House(site.shop.books), clock=lambda: site.shop.clock, rules=Rules(5_000, 50_000))
    site.app = compose(site.front)
    manager = site.reader()
    larger = FILE + b"MUG,EAST,A-02,1\n" * 1_000
    assert len(larger) > 5_000
    assert "1,002 rows read" in sent(manager, larger, dry_run="true").text
    assert sent(manager, larger * 10).status == 413
    assert manager.sends("/inventory", {"reason": "x" * 6_000}).status == 413


def test_nobody_unknown_is_let_send_a_file(site: Site) -> None:
    stranger = site.reader(None)
    assert "<h1>Log in</h1>" in sent(stranger).html
    assert "no file" in site.reader().sends("/imports", {"kind": "stock"}).text
