"""What the guides for those who run it name is there, and the receiver that they show works as it stands."""

import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import ip_network
from pathlib import Path

import pytest

from makegood.domain.alerts import AlertKind
from makegood.domain.errors import MakegoodError, leaves
from makegood.domain.reasons import ReasonCode
from makegood.domain.states import HoldKind, OrderStatus
from makegood.jobs.outside import Outside
from makegood.jobs.outward import post
from makegood.services.business_settings import BusinessSettings
from makegood.services.webhooks.deliveries import list_deliveries, send_test
from makegood.services.webhooks.endpoints import add_endpoint, rotate_secret
from makegood.services.webhooks.send import signed, take_parcels
from makegood.services.work import now
from makegood.settings import Settings
from tests.conftest import ROOT
from tests.meanwhile import soon
from tests.shop import Shop

GUIDES = ROOT / "docs" / "guides"
TROUBLE, HOOKS, RUN = (GUIDES / name for name in ("troubleshooting.md", "webhooks.md", "run-makegood.md"))
METRICS = (ROOT / "src/makegood/entrypoints/lobby/metrics.py").read_text(encoding="utf-8")


def named(pattern: str, *pages: Path) -> set[str]:
    """What the pages name, by a pattern with one group."""
    return {found for page in pages for found in re.findall(pattern, page.read_text(encoding="utf-8"), re.M)}


def test_each_figure_that_a_guide_names_is_told_and_each_that_is_told_is_named() -> None:
    told = set(re.findall(r'"(makegood_\w+)"', METRICS))
    guides = {name.removesuffix("_total") for name in named(r"\b(makegood_[a-z]\w+)", TROUBLE, RUN)}
    assert guides - told == set()
    assert told - {name.removesuffix("_total") for name in named(r"`(makegood_\w+)`", RUN)} == set()


def test_each_word_in_capitals_is_one_of_the_house() -> None:
    known = {*AlertKind, *ReasonCode, *HoldKind, *OrderStatus, "GET", "MANAGER", "ADMIN"}
    found = named(r"`([A-Z][A-Z_]{4,})`", TROUBLE, RUN)
    assert {word for word in found if not word.startswith("MAKEGOOD_")} - known == set()
    assert set(AlertKind) <= named(r"^\| `([A-Z_]+)`", RUN) | found


def test_each_refusal_and_setting_that_is_named_exists() -> None:
    codes = {error.code for error in leaves(MakegoodError)}
    plain = named(r"`([a-z]+(?:_[a-z]+)+)`", TROUBLE)
    assert plain - codes - set(BusinessSettings._fields) == set()
    variables = {f"MAKEGOOD_{name.upper()}" for name in Settings.model_fields}
    assert variables == named(r"^\| `(MAKEGOOD_\w+)`", RUN)


def test_each_trouble_says_what_tells_it_and_what_mends_it() -> None:
    sections = re.split(r"^### ", TROUBLE.read_text(encoding="utf-8"), flags=re.M)[1:]
    lacking = [
        one.splitlines()[0]
        for one in sections
        if "**What tells it:**" not in one or "**What mends it:**" not in one
    ]
    assert lacking == []


@contextmanager
def the_receiver_of_the_guide(secret: str, folder: Path) -> Iterator[tuple[int, Path]]:
    """Run the receiver that the guide shows, as it stands; give its port and what it prints."""
    (code,) = re.findall(r"```python\n(.*?)```", HOOKS.read_text(encoding="utf-8"), flags=re.S)
    with socket.create_server(("127.0.0.1", 0)) as door:
        port = door.getsockname()[1]
    said = folder / "said"
    env = {**os.environ, "WEBHOOK_SECRET": secret, "PORT": str(port), "PYTHONUNBUFFERED": "1"}
    with said.open("w") as out:
        process = subprocess.Popen([sys.executable, "-c", code], env=env, stdout=out, stderr=subprocess.DEVNULL)
    try:
        soon(lambda: answers(port))
        yield port, said
    finally:
        process.kill()
        process.wait()


def answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except OSError:
        return False
    return True


def test_the_receiver_of_the_guide_takes_what_is_signed_and_nothing_else(shop: Shop, tmp_path: Path) -> None:
    made = shop.do(add_endpoint, "https://shop.example.com/")
    shop.do(send_test, made.endpoint.endpoint)
    (parcel,) = shop.do(take_parcels, most=1, seconds=60)
    outside = Outside(networks=[ip_network("127.0.0.0/8")])
    with the_receiver_of_the_guide(made.secret, tmp_path) as (port, said):
        url = f"http://127.0.0.1:{port}/"
        assert post(url, signed(parcel, now()), parcel.body, outside).status == 204
        assert post(url, signed(parcel, now()), parcel.body, outside).status == 204
        assert post(url, signed(parcel, now()), parcel.body + " ", outside).status == 401
        shop.do(rotate_secret, made.endpoint.endpoint)
        shop.change("UPDATE webhook_deliveries SET leased_until = NULL, message_id = 'another'")
        (other,) = shop.do(take_parcels, most=1, seconds=60)
        assert post(url, signed(other, now()), other.body, outside).status == 204, (
            "the secret before still verifies"
        )
        assert said.read_text().count("webhook.test") == 2
    assert shop.do(list_deliveries, made.endpoint.endpoint).deliveries[0].attempts == 2


@pytest.mark.parametrize("page", [TROUBLE, HOOKS], ids=lambda page: page.name)
def test_the_guides_are_found_from_the_front(page: Path) -> None:
    assert f"docs/guides/{page.name}" in (ROOT / "README.md").read_text(encoding="utf-8")
