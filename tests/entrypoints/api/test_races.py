"""Two managers at the same order over a real server: one outcome, and a clear refusal for whoever came second."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import httpx
import pytest

from makegood.domain.accounts import Role
from makegood.domain.orders import NewLine
from makegood.services.doctor import doctor
from tests.entrypoints.api.visitors import Api

SPLIT = {"mode": "quantities", "consent": {"by": "Ada Okafor", "how": "phone", "at": "2026-03-01T09:00:00Z"}}
Deed = tuple[str, Any]


@pytest.fixture(scope="module")
def managers(module_api: Api) -> Iterator[httpx.Client]:
    """Managers who call one real server."""
    token = module_api.token(Role.MANAGER)
    with module_api.served() as address:
        yield httpx.Client(base_url=address, headers={"Authorization": f"Bearer {token}"}, timeout=60)


def at_once(managers: httpx.Client, deeds: Sequence[Deed], **headers: str) -> list[httpx.Response]:
    """Send requests in the same moment and give the answers in their order."""
    ready = Barrier(len(deeds))

    def send(deed: Deed) -> httpx.Response:
        ready.wait()
        return managers.post(deed[0], json=deed[1], headers=headers)

    with ThreadPoolExecutor(len(deeds)) as crew:
        return list(crew.map(send, deeds))


def is_sound(api: Api) -> bool:
    """Serve whoever can be served, then ask the doctor."""
    api.shop.check()
    assert [finding.words for finding in doctor(api.shop.books, api.shop.clock).findings] == []
    return True


def short_of(api: Api, number: str) -> None:
    """Place an order for two units more than there are of a SKU that nobody else wants."""
    api.shop.sells(number).gets(number, 1)
    api.shop.order(number, lines=[NewLine(number, 3)])


@pytest.mark.parametrize("turn", range(3))
def test_of_two_splits_one_is_done(module_api: Api, managers: httpx.Client, turn: int) -> None:
    number = f"S-{turn}"
    short_of(module_api, number)
    answers = at_once(managers, [(f"/orders/{number}/split-backorder", SPLIT)] * 2)
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    (refused,) = [answer.json() for answer in answers if answer.status_code == 409]
    assert (refused["code"], refused["facts"]["status"]) == ("wrong_state", "ALLOCATED")
    parts = module_api.shop.rows("SELECT number FROM orders WHERE number LIKE %s", f"{number}-BO%")
    assert parts == [(f"{number}-BO1",)]
    assert is_sound(module_api)


@pytest.mark.parametrize("turn", range(3))
def test_of_two_cancellations_one_is_done(module_api: Api, managers: httpx.Client, turn: int) -> None:
    number = f"C-{turn}"
    short_of(module_api, number)
    answers = at_once(managers, [(f"/orders/{number}/cancel", {})] * 2)
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    assert module_api.shop.status(number) == "CANCELLED"
    assert is_sound(module_api)


@pytest.mark.parametrize("turn", range(6))
def test_splitting_cancelling_and_trying_at_once(module_api: Api, managers: httpx.Client, turn: int) -> None:
    number = f"A-{turn}"
    short_of(module_api, number)
    deeds: list[Deed] = [
        (f"/orders/{number}/split-backorder", SPLIT),
        (f"/orders/{number}/cancel", {}),
        (f"/orders/{number}/allocate", {}),
    ]
    split, cancelled, tried = at_once(managers, deeds)
    assert cancelled.status_code == 200, cancelled.text
    for answer in (split, tried):
        assert answer.status_code in (200, 409), answer.text
        if answer.status_code == 409:
            assert (answer.json()["code"], answer.json()["facts"]["status"]) == ("wrong_state", "CANCELLED")
    assert module_api.shop.status(number) == "CANCELLED"
    child = module_api.shop.rows("SELECT status FROM orders WHERE number = %s", f"{number}-BO1")
    assert len(child) == (split.status_code == 200)
    assert is_sound(module_api)


WRITES: Sequence[Deed] = [
    ("/orders", {"number": "K-1", "lines": [{"sku": "MUG", "quantity": 1}]}),
    ("/inventory", {"sku": "MUG", "units": 2, "location": "A-01", "reason": "found"}),
    ("/backorders", {"sku": "LID", "quantity": 1}),
    ("/orders/allocate-batch", {}),
    ("/inbound", {"lines": [{"kind": "PURCHASE_ORDER", "reference": "PO-K", "sku": "MUG", "quantity": 3}]}),
]


@pytest.mark.parametrize("deed", WRITES, ids=lambda deed: deed[0])
def test_under_one_key_it_is_done_once_at_the_same_time_and_later(
    module_api: Api, managers: httpx.Client, deed: Deed
) -> None:
    key = {"Idempotency-Key": f"key of {deed[0]}"}
    answers = [*at_once(managers, [deed] * 3, **key), managers.post(deed[0], json=deed[1], headers=key)]
    assert {answer.status_code for answer in answers} <= {200, 201, 202}, [answer.text for answer in answers]
    assert len({answer.content for answer in answers}) == 1
    assert [answer.headers.get("Idempotency-Replayed") for answer in answers].count("true") == 3
    other = managers.post("/orders/1001/cancel", json={}, headers=key)
    assert (other.status_code, other.json()["code"]) == (422, "key_reused")


@pytest.mark.parametrize("kind", ["receiving", "cycle-counts", "returns"])
def test_a_session_is_approved_once_by_whoever_comes(module_api: Api, managers: httpx.Client, kind: str) -> None:
    units = "counted" if kind == "cycle-counts" else "quantity"
    before = sum(one["onHand"] for one in managers.get("/skus").json()["skus"] if one["sku"] == "LID")
    managers.post(f"/{kind}", json={"reference": "ONCE"})
    line = {"sku": "LID", "location": "A-02", units: 5 + (before if kind == "cycle-counts" else 0)}
    assert managers.post(f"/{kind}/ONCE/lines", json={"lines": [line]}).status_code == 201
    answers = at_once(managers, [(f"/{kind}/ONCE/approve", None)] * 3)
    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert len({answer.content for answer in answers}) == 1
    after = sum(one["onHand"] for one in managers.get("/skus").json()["skus"] if one["sku"] == "LID")
    assert after == before + 5
    assert is_sound(module_api)
