"""Write the small invented month of a tea shop to `files/`: `python -m tests.replay.make_files`.

The same form as a real shop's month file, with each of its oddities: case and blanks of codes, the same line
twice, codes that are no goods, returns, adjustments, a missing customer.
"""

import csv
import gzip
from collections.abc import Iterator
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path
from random import Random

FILES = Path(__file__).parent / "files"
HEADER = ["InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID", "Country"]
TEAS = [
    "ASSAM",
    "DARJEELING",
    "EARL GREY",
    "GUNPOWDER",
    "JASMINE",
    "KEEMUN",
    "LAPSANG",
    "MATCHA",
    "OOLONG",
    "SENCHA",
]
GOODS = [
    (
        f"{10001 + number}{'AB'[number % 2] if number % 3 == 0 else ''}",
        f"{tea} {size}",
        f"{1 + number % 7}.{number % 10}5",
    )
    for number, (tea, size) in enumerate((tea, size) for tea in TEAS for size in ("TIN", "BAG", "SAMPLER"))
]
COUNTRIES = ["United Kingdom"] * 14 + ["EIRE", "Netherlands", "Iceland", "Japan", "Spain", "Unspecified"]
FIRST = datetime(2024, 9, 2, 8, 30)  # noqa: DTZ001 - the files tell the shop's own time, as clocks on walls do


def invoices(chance: Random) -> Iterator[list[str]]:
    number = 700001
    for day in range(40):
        at = FIRST + timedelta(days=day)
        if at.weekday() == 5:
            continue
        for _ in range(chance.randint(4, 9)):
            at += timedelta(minutes=chance.randint(3, 55))
            yield from an_invoice(str(number), at, chance)
            number += 1
        if chance.random() < 0.5:
            yield row(f"C{number}", chance.choice(GOODS), -chance.randint(1, 4), at, "15001", "United Kingdom")
            number += 1
        if chance.random() < 0.3:
            code, _, _ = chance.choice(GOODS)
            yield [str(number), code, "damaged", str(-chance.randint(1, 3)), f"{at}", "0.0", "", "United Kingdom"]
            number += 1


def an_invoice(number: str, at: datetime, chance: Random) -> Iterator[list[str]]:
    customer = "" if chance.random() < 0.25 else str(15000 + chance.randint(0, 40))
    country = chance.choice(COUNTRIES)
    for good in chance.sample(GOODS, chance.randint(1, 6)):
        line = row(number, good, chance.choice([1, 1, 2, 2, 3, 6, 12]), at, customer, country)
        yield from [line] * (2 if chance.random() < 0.04 else 1)
    if chance.random() < 0.2:
        yield row(number, ("POST", "POSTAGE", "18.0"), 1, at, customer, country)


def row(
    number: str, good: tuple[str, str, str], units: int, at: datetime, customer: str, country: str
) -> list[str]:
    code, name, price = good
    spelled = code.lower() if units % 3 == 0 else code
    return [number, spelled, name, str(units), f"{at}", price, f"{customer}.0" if customer else "", country]


def write() -> None:
    rows = list(invoices(Random(7)))
    months = sorted({line[4][:7] for line in rows})
    for month, name in zip(months, ("2024-09.csv.gz", "2024-10.csv"), strict=True):
        text = StringIO(newline="")
        csv.writer(text, lineterminator="\n").writerows([HEADER, *(line for line in rows if line[4][:7] == month)])
        raw = text.getvalue().encode()
        (FILES / name).write_bytes(gzip.compress(raw, mtime=0) if name.endswith(".gz") else raw)


if __name__ == "__main__":
    write()
