"""What the API says of itself: a whole OpenAPI document, a page to read, and the reference in the docs."""

import re
from typing import Any

import pytest
from jsonschema_rs import Draft202012Validator

from makegood.domain.accounts import Role
from makegood.entrypoints.api.fields import operations, said
from makegood.entrypoints.api.reference import http_page
from makegood.entrypoints.api.route import Route
from makegood.entrypoints.api.table import ROUTES
from makegood.entrypoints.lobby.problems import every_code
from tests.conftest import ROOT
from tests.entrypoints.api.test_table import name
from tests.entrypoints.api.visitors import Api


@pytest.fixture(scope="module")
def document(module_api: Api) -> Any:
    return module_api.visitor(Role.READONLY).asks("/openapi.json")


@pytest.mark.parametrize("route", ROUTES, ids=name)
def test_each_operation_can_be_used_without_other_docs(document: Any, route: Route) -> None:
    told = document["paths"][re.sub(r":\w+}", "}", route.path)][route.method.lower()]
    assert len(told["summary"]) > 8
    assert [one["name"] for one in told.get("parameters", ()) if not one.get("description")] == []
    for status, response in told["responses"].items():
        if status.startswith("2") or status == "422":
            continue
        assert "application/problem+json" in response["content"], status
    if route.keyed:
        assert "Idempotency-Key" in [one["name"] for one in told["parameters"]]


def test_names_of_operations_are_their_own(document: Any) -> None:
    ids = [told["operationId"] for methods in document["paths"].values() for told in methods.values()]
    assert len(ids) == len(set(ids)) == len(ROUTES)


def test_the_documented_codes_exist(document: Any) -> None:
    named = set(re.findall(r"/docs/errors#(\w+)", str(document["paths"])))
    assert named <= set(every_code())


def test_the_page_brings_everything_itself(module_api: Api) -> None:
    for path, words in (
        ("/docs", "/orders/{order}/allocate"),
        ("/docs", "&#34;customerName&#34;: &#34;Ada Okafor&#34;"),
        ("/docs/errors", "order_not_found"),
    ):
        page = module_api.visitor(Role.READONLY).calls("GET", path)
        assert words in page.text
        assert "&lt;code&gt;" not in page.text
        assert re.findall(r"<script|(?:src|href|url)\W{1,3}(?:https?:)?//", page.text) == []
        assert "style-src 'unsafe-inline'" in page.headers["Content-Security-Policy"]


def test_a_browser_that_nobody_knows_is_led_to_where_one_signs_in(module_api: Api) -> None:
    answer = module_api.client.get("/docs", headers={"Accept": "text/html"}, follow_redirects=False)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/login?next=/docs")


def test_the_reference_is_what_the_program_says() -> None:
    page = (ROOT / "docs" / "reference" / "http.md").read_text(encoding="utf-8")
    assert page == http_page(), "renew it with scripts/reference"


def bodies(document: Any) -> list[tuple[str, Any]]:
    """Every body that is JSON and goes in or comes out where all is well, with the route."""
    found = []
    for route, operation in operations(document):
        asked = operation.get("requestBody", {}).get("content", {}).get("application/json")
        told = [one.get("content", {}) for status, one in operation["responses"].items() if status.startswith("2")]
        given = [content["application/json"] for content in told if "application/json" in content]
        found += [(route, one) for one in [asked, *given] if one]
    return found


def test_every_field_says_what_it_is(document: Any) -> None:
    silent = [
        f"{model}.{field}"
        for model, schema in document["components"]["schemas"].items()
        for field, one in schema.get("properties", {}).items()
        if not one.get("description")
    ]
    assert silent == []


def test_every_body_has_an_example_that_fits_it(document: Any) -> None:
    whole = {"components": document["components"]}
    wrong = {}
    for route, body in bodies(document):
        example = body.get("example", "none")
        for fault in Draft202012Validator(body["schema"] | whole).iter_errors(example):
            wrong[f"{route} {'.'.join(map(str, fault.instance_path))}"] = fault.message
    assert wrong == {}


def test_what_is_only_shown_is_told_apart_from_a_run(document: Any) -> None:
    told = document["paths"]["/orders/send-available"]["post"]["responses"]
    shown, begun = (told[status]["content"]["application/json"]["example"] for status in ("200", "202"))
    assert (shown["run"], begun["wouldDo"]) == (None, None)
    assert (shown["wouldDo"]["kind"], begun["run"]["kind"]) == ("ALLOCATE", "ALLOCATE")


def test_nothing_is_said_of_what_there_is_not(document: Any) -> None:
    schemas = document["components"]["schemas"]
    fields = {field for schema in schemas.values() for field in schema.get("properties", {})}
    own = {f"{model}.{field}" for model, schema in schemas.items() for field in schema.get("properties", {})}
    assert set(said()["words"]) - fields - own == set()
    assert set(said()["requests"]) - {route for route, _ in operations(document)} == set()


def test_records_have_names_of_their_own(document: Any) -> None:
    assert [name for name in document["components"]["schemas"] if "__" in name or "-" in name] == []
