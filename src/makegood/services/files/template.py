"""An empty file of each kind: its headers, and one example that an import passes over."""

import csv
import io

from makegood.services.files.columns import columns_of
from makegood.services.files.csv_rows import EXAMPLE
from makegood.services.files.entries import Entry


def template(entry: type[Entry]) -> str:
    """Give the headers of a kind of file and an example row that is not imported.

    >>> from makegood.services.files.entries import LocationEntry
    >>> print(template(LocationEntry), end="")
    warehouse,location,type,is_pickable,active,pick_sequence
    # example: EAST,A-01,PICKING,yes,yes,10
    """
    columns = columns_of(entry)
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(columns)
    first, *others = (entry.EXAMPLE.get(name, "") for name in columns)
    rows.writerow([f"{EXAMPLE}: {first}", *others])
    return text.getvalue()
