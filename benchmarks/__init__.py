"""How fast the product is, in ratios to what the same machine needs to write the same rows: `make bench`.

work.py      the work W(n, s): orders and receipts
books.py     databases with that work in them, copied for each run
floor.py     the floor F(n): the same rows, only written
measures/    one file per figure of docs/bench.md
report.py    the targets, the table and the JSON object
"""
