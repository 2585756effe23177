"""What may be as long as the books like, such as notes and the facts of an event, cut to what agents can read."""

from collections.abc import Mapping
from typing import Any

MOST_ITEMS = 20
MOST_CHARACTERS = 300


def brief(value: Any) -> Any:
    """Give a plain value with long texts and lists cut, and how much was left out said in their place.

    >>> brief({"lines": list(range(22))})["lines"][19:]
    [19, '… 2 more']
    """
    if isinstance(value, str) and len(value) > MOST_CHARACTERS:
        return f"{value[:MOST_CHARACTERS]}… {len(value) - MOST_CHARACTERS} more characters"
    if isinstance(value, Mapping):
        return {name: brief(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        rest = len(value) - MOST_ITEMS
        return [brief(each) for each in value[:MOST_ITEMS]] + ([f"… {rest} more"] if rest > 0 else [])
    return value
