"""The OpenAPI document as somebody reads it: each operation with its fields, its answer and its refusals."""

import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any, NamedTuple

from makegood.domain.errors import CsrfMissing, KeyReused, MakegoodError, leaves
from makegood.entrypoints.api.described import CLOSED
from makegood.entrypoints.lobby.problems import PROTOCOL, REMEDIES, status_of, title_of

Document = Mapping[str, Any]


# What any call may be refused with: told once, not with each.
_ERRORS: Sequence[type[MakegoodError]] = (*CLOSED, CsrfMissing, KeyReused)
OF_EVERY_CALL = {error.code for error in _ERRORS} | {one.code for one in PROTOCOL.values()}


class Field(NamedTuple):
    """A field of a request or an answer: where it stands, its type in words, and what it is."""

    name: str
    where: str
    type: str
    needed: bool
    told: str


class Operation(NamedTuple):
    """One method of one address, with all that can be said of it."""

    tag: str
    method: str
    path: str
    role: str
    summary: str
    told: str
    fields: Sequence[Field]
    status: str
    answer: str
    refusals: Sequence[tuple[str, str]]
    examples: Sequence[tuple[str, str]]


class Code(NamedTuple):
    """A refusal: its stable code, its status, what it means, and what to do."""

    code: str
    status: int
    title: str
    remedy: str


def operations(document: Document) -> list[Operation]:
    """Give every operation, in the order of the table of routes."""
    return [
        _operation(document, method, path, told)
        for path, methods in document["paths"].items()
        for method, told in methods.items()
    ]


def by_tag(found: Sequence[Operation]) -> list[tuple[str, list[Operation]]]:
    """Put the operations of one subject together."""
    first = {one.tag: place for place, one in reversed(list(enumerate(found)))}
    ordered = sorted(found, key=lambda one: (first[one.tag], found.index(one)))
    return [(tag, list(some)) for tag, some in groupby(ordered, key=lambda one: one.tag)]


def codes() -> list[Code]:
    """Give every code that can be answered, by its name."""
    own = [
        Code(error.code, status_of(error), title_of(error), REMEDIES[error.code])
        for error in leaves(MakegoodError)
    ]
    protocol = [Code(one.code, one.status, one.title, one.remedy) for one in PROTOCOL.values()]
    return sorted([*own, *protocol])


def _operation(document: Document, method: str, path: str, told: Mapping[str, Any]) -> Operation:
    done = next(status for status in told["responses"] if status.startswith("2"))
    return Operation(
        tag=told["tags"][0],
        method=method.upper(),
        path=path,
        role=told.get("x-least-role", "anyone"),
        summary=told["summary"],
        told="" if told.get("description", "").startswith(told["summary"]) else told.get("description", ""),
        fields=[*_parameters(told), *_body(document, told)],
        status=done,
        answer=_answer(told["responses"][done]),
        refusals=[(status, code) for status, code in _refusals(told["responses"]) if code not in OF_EVERY_CALL],
        examples=[*_examples("sent", told.get("requestBody", {})), *_examples(done, told["responses"][done])],
    )


def _parameters(told: Mapping[str, Any]) -> Iterator[Field]:
    for one in told.get("parameters", ()):
        yield Field(
            one["name"], one["in"], type_of(one["schema"]), one.get("required", False), one.get("description", "")
        )


def _body(document: Document, told: Mapping[str, Any]) -> Iterator[Field]:
    for media, content in told.get("requestBody", {}).get("content", {}).items():
        schema = content["schema"]
        found = _resolved(document, schema)
        for name, one in found.get("properties", {}).items():
            needed = name in found.get("required", ())
            yield Field(name, "body", type_of(one), needed, one.get("description", ""))
        if "properties" not in found:
            yield Field("", "body", media, True, found.get("description", ""))


def _resolved(document: Document, schema: Mapping[str, Any]) -> Mapping[str, Any]:
    for one in (schema, *schema.get("anyOf", ()), *schema.get("allOf", ())):
        if "$ref" in one:
            found: Mapping[str, Any] = document["components"]["schemas"][one["$ref"].split("/")[-1]]
            return found
    return schema


def _answer(response: Mapping[str, Any]) -> str:
    for media, content in response.get("content", {}).items():
        return type_of(content["schema"]) if media == "application/json" else str(media)
    return ""


def _examples(name: str, body: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    content = body.get("content", {}).get("application/json", {})
    if "example" in content:
        yield name, json.dumps(content["example"], indent=2, ensure_ascii=False)


def _refusals(responses: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for status, response in responses.items():
        for code in response.get("content", {}).get("application/problem+json", {}).get("examples", ()):
            yield status, code


def type_of(schema: Mapping[str, Any]) -> str:
    """Say a schema's type in words.

    >>> type_of({"anyOf": [{"type": "array", "items": {"type": "string"}}, {"type": "null"}]})
    'list of string or null'
    """
    if "$ref" in schema:
        return str(schema["$ref"]).split("/")[-1]
    if "anyOf" in schema:
        return " or ".join(type_of(one) for one in schema["anyOf"])
    if "enum" in schema:
        return ", ".join(map(str, schema["enum"]))
    if schema.get("type") == "array":
        return "list of " + type_of(schema.get("items", {}))
    return str(schema.get("format") or schema.get("type", "anything"))
