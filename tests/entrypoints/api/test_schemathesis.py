"""Whatever fits the OpenAPI document, and what does not, is answered as the document says: never by a defect."""

from collections.abc import Iterator
from typing import Any, NamedTuple, cast

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from makegood.domain.accounts import Role
from makegood.entrypoints.api.app import make_app
from makegood.entrypoints.lobby.front import Front, Rules
from tests.entrypoints.api.test_limits import with_rules
from tests.entrypoints.api.visitors import Api

pytestmark = pytest.mark.slow

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]


# The stream would not end; it is tried in test_events.py.
schema = schemathesis.openapi.from_dict(make_app(Front(cast(Any, None))).openapi()).exclude(path="/events/stream")


class Server(NamedTuple):
    """A real server over a shop in which something is, and the headers of somebody who may do anything."""

    address: str
    headers: dict[str, str]


@pytest.fixture(scope="module")
def server(module_api: Api) -> Iterator[Server]:
    api = with_rules(module_api, Rules(rate="1000000/minute"))
    api.shop.order("1001", MUG=3, LID=1)
    api.shop.order("1002", MUG=1)
    api.shop.gets("MUG", 2).check()
    headers = {"Authorization": f"Bearer {api.token(Role.SUPER_ADMIN, days=3650)}"}
    with api.served() as address:
        yield Server(address, headers)


@schema.parametrize()
@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True, database=None)
def test_the_document_is_kept(case: Any, server: Server) -> None:
    case.call_and_validate(base_url=server.address, headers=server.headers, checks=CHECKS)
