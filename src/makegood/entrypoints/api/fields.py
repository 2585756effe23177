"""What each field means, and an example of each body: `fields.toml` says it once for all its places."""

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

JSON = "application/json"
# A run that was started shows nothing besides, and what is only shown is no run.
ABSENT: Mapping[str, str] = {"200": "run", "202": "wouldDo"}
BY_FORMAT: Mapping[str, str] = {"date-time": "2026-03-02T09:00:00Z", "date": "2026-03-02"}
BY_TYPE: Mapping[str, Any] = {
    "integer": 1,
    "number": 1.0,
    "boolean": False,
    "string": "",
    "object": {},
    "null": None,
}


@cache
def said() -> Mapping[str, Mapping[str, Any]]:
    """Give what is said of fields, and the bodies of requests."""
    return tomllib.loads(files("makegood.entrypoints.api").joinpath("fields.toml").read_text(encoding="utf-8"))


def describe(document: dict[str, Any]) -> None:
    """Say in an OpenAPI document what each field means, and add an example to each body that is JSON."""
    schemas = document["components"]["schemas"]
    for model, schema in schemas.items():
        for field, one in schema.get("properties", {}).items():
            _say(one, said()["words"].get(f"{model}.{field}", said()["words"].get(field, ())))
    for route, operation in operations(document):
        if (example := said()["requests"].get(route)) is not None:
            operation["requestBody"]["content"][JSON]["example"] = example
        for status, response in operation["responses"].items():
            content = response.get("content", {}).get(JSON)
            if status.startswith("2") and content:
                content["example"] = example_of(content["schema"], schemas, ABSENT.get(status, ""))
                response["description"] = _name_of(content["schema"], schemas)


def operations(document: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Give every operation with its route, such as `POST /orders`."""
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield f"{method.upper()} {path}", operation


def example_of(schema: Mapping[str, Any], schemas: Mapping[str, Any], absent: str = "") -> Any:
    """Give a value of this shape: of each field the one that is said to be typical of it, of `absent` none."""
    whole = schemas[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema
    if "examples" in schema and _may_be(schema["examples"][0], whole):
        return schema["examples"][0]
    if "enum" in whole:
        return whole["enum"][0]
    if "anyOf" in whole:
        return example_of(_likely(whole["anyOf"]), schemas)
    if "properties" in whole:
        found = {name: example_of(one, schemas) for name, one in whole["properties"].items()}
        return found | ({absent: None} if absent in found else {})
    if whole.get("type") == "array":
        return [example_of(whole["items"], schemas)]
    return BY_FORMAT.get(whole.get("format", ""), BY_TYPE.get(whole.get("type", ""), {}))


def _likely(choices: list[Mapping[str, Any]]) -> Mapping[str, Any]:
    """Give a record if it may be one, else nothing if it may be that."""
    records = [one for one in choices if "$ref" in one]
    empty = [one for one in choices if one.get("type") == "null"]
    return [*records, *empty, *choices][0]


def _may_be(value: Any, whole: Mapping[str, Any]) -> bool:
    return "enum" not in whole or value in whole["enum"]


def _say(one: dict[str, Any], words: Any) -> None:
    told, *typical = words or ("",)
    if told:
        one.setdefault("description", told)
    if typical and "properties" not in one:
        one.setdefault("examples", typical)


def _name_of(schema: Mapping[str, Any], schemas: Mapping[str, Any]) -> str:
    whole = schemas[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema
    return str(whole.get("description") or "What was asked for.")
