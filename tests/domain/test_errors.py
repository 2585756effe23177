"""One tree of errors, each with a code of its own and facts."""

import re

import pytest

from makegood.domain import errors
from makegood.domain.errors import MakegoodError, NotEnough, WrongState, leaves

LEAVES = leaves(MakegoodError)


def test_every_leaf_has_a_code_of_its_own() -> None:
    codes = [error.code for error in LEAVES]
    assert len(set(codes)) == len(codes)
    assert MakegoodError.code not in codes


@pytest.mark.parametrize("error", LEAVES, ids=lambda error: error.__name__)
def test_a_code_is_the_name_in_small_letters(error: type[MakegoodError]) -> None:
    name = re.sub(r"(?<!^)(?=[A-Z])", "_", error.__name__).lower()
    assert error.code == name


@pytest.mark.parametrize("error", LEAVES, ids=lambda error: error.__name__)
def test_every_leaf_hangs_on_one_of_the_five_branches(error: type[MakegoodError]) -> None:
    branches = (errors.NotFound, errors.Conflict, errors.Invalid, errors.Denied, errors.Unavailable)
    assert sum(issubclass(error, branch) for branch in branches) == 1


def test_an_error_carries_its_facts() -> None:
    refused = NotEnough(sku="BLU", wanted=5, free=2)
    assert refused.facts == {"sku": "BLU", "wanted": 5, "free": 2}
    assert str(refused) == "BLU: 5 wanted, 2 there"


def test_a_hint_follows_the_refusal() -> None:
    refused = WrongState(order="SO-1", status="SHIPPED", action="cancel", hint="Make a return.")
    assert str(refused) == "Order SO-1 cannot cancel (status: SHIPPED). Make a return."
