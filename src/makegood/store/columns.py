"""Many rows as columns: the database packs each column into one value, which is taken as it lies."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

# How PostgreSQL sends the types that all take the same room; a timestamptz counts microseconds.
SENT = {"bool": "?", "int2": ">i2", "int4": ">i4", "int8": ">i8", "timestamptz": ">i8"}
SENDERS = {"timestamptz": "timestamptz_send"}


def packed(statement: bytes, types: Sequence[str]) -> bytes:
    """Let a statement with columns of these types give one row, with each column packed into one value.

    >>> packed(b"SELECT 1::int4;", ["int4"]).decode()
    "SELECT string_agg(int4send(c0), '') FROM (SELECT 1::int4) AS t (c0)"
    """
    sends = ", ".join(
        f"string_agg({SENDERS.get(kind, f'{kind}send')}(c{place}), '')" for place, kind in enumerate(types)
    )
    names = ", ".join(f"c{place}" for place in range(len(types)))
    text = statement.strip().rstrip(b";")
    return b"SELECT %b FROM (%b) AS t (%b)" % (sends.encode(), text, names.encode())


def unpacked(values: Sequence[bytes | None], types: Sequence[str]) -> list[NDArray[Any]]:
    """Give each packed column as an array of int64, or of bool.

    Raises `ValueError` when a value was NULL, which leaves its column shorter than the others.

    >>> unpacked([bytes(3) + bytes([7])], ["int4"])[0].tolist()
    [7]
    """
    columns = [
        np.frombuffer(value or b"", SENT[kind]).astype(np.bool_ if kind == "bool" else np.int64)
        for value, kind in zip(values, types, strict=True)
    ]
    if len({len(column) for column in columns}) > 1:
        raise ValueError("a column has NULL values")
    return columns
