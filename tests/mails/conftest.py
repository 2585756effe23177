"""A shop whose customers are told by mail."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from makegood.services.business_settings import change_setting
from tests.clean_books import fresh_books
from tests.mails.post_office import PostOffice, told
from tests.shop import Shop


@pytest.fixture
def office(tmp_path: Path) -> PostOffice:
    """A server of mails that is not started yet."""
    return PostOffice(tmp_path)


@pytest.fixture
def telling(embedded: str, office: PostOffice) -> Iterator[Shop]:
    """A shop that tells its customers at once; nothing was told yet."""
    with fresh_books(embedded) as books:
        shop = Shop(books).sells("MUG", "TEA")
        shop.do(change_setting, "mail_wait_minutes", 0)
        shop.do(change_setting, "mail_repeat_hours", 0)
        told(shop, office.post)
        yield shop
