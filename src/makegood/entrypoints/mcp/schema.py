"""JSON Schemas as agents read them: each word is read in every conversation, so they are kept short."""

from collections.abc import Mapping
from typing import Any

Schema = dict[str, Any]


def shortened(schema: Mapping[str, Any]) -> Schema:
    """Give the schema without titles, and an argument that may be left out as what it is when it is given.

    >>> shortened({"title": "Sku", "anyOf": [{"type": "string"}, {"type": "null"}], "default": None})
    {'type': 'string'}
    """
    kept = {name: _shorter(name, part) for name, part in schema.items() if not _is_title(name, part)}
    if "default" in kept and kept["default"] is None:
        del kept["default"]
        # What is said of the argument itself goes before what is said of its kind.
        return _given(kept.pop("anyOf")) | kept
    return kept


def _given(ways: list[Schema]) -> Schema:
    """Give the one way in which a value can be given besides null."""
    (way,) = (way for way in ways if way.get("type") != "null")
    return way


def _shorter(name: str, part: Any) -> Any:
    if name in ("properties", "$defs"):
        return {key: shortened(each) for key, each in part.items()}
    if isinstance(part, dict):
        return shortened(part)
    if isinstance(part, list):
        return [shortened(each) if isinstance(each, dict) else each for each in part]
    return part


def _is_title(name: str, part: Any) -> bool:
    return name == "title" and isinstance(part, str)
