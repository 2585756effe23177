"""A file that is sent by a form: good rows land once, bad ones are listed."""

from makegood.domain.accounts import Role
from tests.entrypoints.web.site import Page, Reader, Site

FILE = b"sku,warehouse,location,quantity\nMUG,EAST,A-01,5\nMUG,EAST,NOWHERE,2\n"


def sent(reader: Reader, **ticks: str) -> Page:
    files = {"file": ("stock.csv", FILE, "text/csv")}
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
