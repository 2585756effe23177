"""What the business decides has typed defaults, and every change is on record."""

import pytest

from makegood.domain.errors import InvalidValue
from makegood.services.business_settings import (
    BusinessSettings,
    business_settings,
    change_setting,
    setting_changes,
)
from tests.shop import Shop


def in_force(shop: Shop) -> BusinessSettings:
    return shop.books.transaction(business_settings)


def test_what_was_never_set_has_its_default(shop: Shop) -> None:
    assert in_force(shop) == BusinessSettings(30, True, False, 0)


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("max_backorder_days", "45", 45),
        ("max_backorder_days", 0, 0),
        ("escalate_partial", "false", False),
        ("escalation_frees", True, True),
        ("supplier_margin_days", "2", 2),
    ],
)
def test_a_setting_is_changed_and_read_back(shop: Shop, name: str, value: object, expected: object) -> None:
    changed = shop.do(change_setting, name, value)
    assert getattr(changed, name) == expected
    assert in_force(shop) == changed


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("max_backorder_days", "soon"),
        ("max_backorder_days", -1),
        ("escalate_partial", "perhaps"),
        ("no_such_setting", 1),
    ],
)
def test_what_makes_no_sense_is_refused(shop: Shop, name: str, value: object) -> None:
    with pytest.raises(InvalidValue):
        shop.do(change_setting, name, value)
    assert in_force(shop) == BusinessSettings()


def test_every_change_says_who_made_it_from_what_to_what(shop: Shop) -> None:
    shop.do(change_setting, "max_backorder_days", 20)
    shop.later(days=1).do(change_setting, "max_backorder_days", 25)
    shop.do(change_setting, "max_backorder_days", 25)
    changes = shop.do(setting_changes)
    assert [(one.name, one.before, one.after, one.changed_by) for one in changes] == [
        ("max_backorder_days", 20, 25, "manager"),
        ("max_backorder_days", 30, 20, "manager"),
    ]
