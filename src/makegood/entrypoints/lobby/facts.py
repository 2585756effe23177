"""Free facts as JSON: names in camelCase at the top, values as they are, times in UTC, money as text."""

from collections.abc import Mapping
from typing import Any

from pydantic import TypeAdapter
from pydantic.alias_generators import to_camel

_ANY: TypeAdapter[Any] = TypeAdapter(Any)


def camel(name: str) -> str:
    """Give a name of ours as JSON spells it; others stay as they are.

    >>> camel("units_ahead"), camel("orderId"), camel("A_01")
    ('unitsAhead', 'orderId', 'A_01')
    """
    return to_camel(name) if name.islower() else name


def camel_facts(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Spell the names of facts as JSON does; what lies deeper is named by the business, such as places.

    >>> camel_facts({"kept_back": 2, "places": {"dock_1": 3}})
    {'keptBack': 2, 'places': {'dock_1': 3}}
    """
    return {camel(name): value for name, value in facts.items()}


def plain_json(body: Mapping[str, Any]) -> bytes:
    """Write a body of plain values and facts."""
    facts = body.get("facts")
    told = {**body, "facts": camel_facts(facts)} if isinstance(facts, Mapping) else dict(body)
    return _ANY.dump_json(told, fallback=str)
