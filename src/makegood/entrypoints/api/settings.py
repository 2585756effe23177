"""What the business decides, over HTTP: the settings in force, their changes, and changing one."""

from collections.abc import Sequence
from typing import Annotated, NamedTuple

from fastapi import Path
from pydantic import Field

from makegood.entrypoints.api.bodies import Body, Word
from makegood.entrypoints.api.paging import Limit
from makegood.services.accounts.audit import audit
from makegood.services.business_settings import (
    BusinessSettings,
    SettingChange,
    business_settings,
    change_setting,
    setting_changes,
)
from makegood.services.work import Work

SettingName = Annotated[Word, Path(description="The setting's name.", examples=["max_backorder_days"])]


class NewValue(Body):
    """What a setting shall be."""

    value: bool | int | float | str | list[str | int] | None = Field(examples=[45])


class Settings(NamedTuple):
    """The settings in force, by name, and the latest changes."""

    settings: BusinessSettings
    changes: Sequence[SettingChange]


def show(work: Work, limit: Limit = 100) -> Settings:
    """Show the settings in force, and who changed which."""
    return Settings(business_settings(work.db), setting_changes(work, most=limit))


def change(work: Work, name: SettingName, asked: NewValue) -> BusinessSettings:
    """Change one setting; the change is on record."""
    found = change_setting(work, name, asked.value)
    audit(work, "setting:changed", name, {"value": asked.value})
    return found
