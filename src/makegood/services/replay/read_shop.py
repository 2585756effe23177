"""Read a shop's month files into a book, and tell what was read, left out and bad."""

from pathlib import Path
from typing import NamedTuple

from makegood.domain.errors import UnreadableFile
from makegood.services.replay.invoice_rows import BadRow, month_files, read_rows
from makegood.services.replay.shop_book import ShopBook, shop_book


class Shop(NamedTuple):
    """The book of a shop, and how it was read: files, rows, bad rows, files that repeat another."""

    book: ShopBook
    files: int
    rows: int
    bad: list[BadRow]
    repeats: list[str]


def read_shop(place: Path, *, days: int | None = None) -> Shop:
    """Read all month files of a folder, or one; `days` keeps only so many from the first.

    Raises `UnreadableFile` when a file has another form, or nothing happened in any.
    """
    files = month_files(place)
    read = read_rows(files)
    book = shop_book(read.rows, days=days)
    if not book.days:
        raise UnreadableFile(str(place), "there is no order, return or write-off in it")
    return Shop(book, len(files), len(read.rows), read.bad, read.repeats)
