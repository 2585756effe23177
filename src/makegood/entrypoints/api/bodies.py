"""What comes in: fields in camelCase, none that is unknown, text that PostgreSQL can hold."""

from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationInfo,
    field_validator,
)
from pydantic.alias_generators import to_camel
from pydantic_core import PydanticCustomError

MOST_UNITS = 2**31 - 1


def _without_nul(text: str) -> str:
    if "\0" in text:
        raise ValueError("a NUL character cannot be kept")
    return text


def _in_our_time(day: date) -> date:
    if not 1970 <= day.year <= 2999:
        raise ValueError("a day from 1970 to 2999 is wanted")
    return day


def _in_utc(moment: datetime) -> datetime:
    _in_our_time(moment)
    return moment.astimezone(UTC)


class Body(BaseModel):
    """A request body; a field that nobody reads is refused, so that a misspelled one is noticed.

    A number is a number and yes or no is true or false: `true` units are not one unit, nor are `"7"` seven.
    """

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="forbid", frozen=True)

    @field_validator("*", mode="before")
    @classmethod
    def _as_written(cls, value: Any, info: ValidationInfo) -> Any:
        annotation: Any = cls.model_fields[info.field_name or ""].annotation
        kinds = _kinds(annotation) - {NoneType}
        values = value.values() if isinstance(value, dict) else [value]
        if kinds == {int} and any(isinstance(one, bool | str) for one in values):
            raise PydanticCustomError("int_type", "a whole number is wanted")
        if kinds == {bool} and not isinstance(value, bool | None):
            raise PydanticCustomError("bool_type", "true or false is wanted")
        return value


@cache
def _kinds(annotation: Any) -> frozenset[type]:
    """Give the plain types of which a field's value may be, of a table those of its values."""
    if get_origin(annotation) is Annotated:
        return _kinds(get_args(annotation)[0])
    if get_origin(annotation) in (Union, UnionType):
        return frozenset().union(*(_kinds(one) for one in get_args(annotation)))
    if get_origin(annotation) is dict:
        return _kinds(get_args(annotation)[1])
    return frozenset({annotation} if isinstance(annotation, type) else ())


Text = Annotated[str, StringConstraints(max_length=2000), AfterValidator(_without_nul)]
Word = Annotated[str, StringConstraints(min_length=1, max_length=200), AfterValidator(_without_nul)]
Units = Annotated[int, Field(ge=1, le=MOST_UNITS, description="Whole units.")]
Name = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=r"^[\w.@+-]+$")]
# A password or the like: never trimmed, never told.
Secret = Annotated[str, StringConstraints(min_length=1, max_length=200), AfterValidator(_without_nul)]
UnitsOrNone = Annotated[int, Field(ge=0, le=MOST_UNITS, description="Whole units.")]
Id = Annotated[int, Field(ge=1, le=2**63 - 1)]
LineNumber = Annotated[int, Field(ge=1, le=MOST_UNITS, examples=[1])]
Instant = Annotated[AwareDatetime, AfterValidator(_in_utc), Field(examples=["2026-03-02T09:00:00Z"])]
Day = Annotated[date, AfterValidator(_in_our_time), Field(examples=["2026-03-31"])]
Price = Annotated[Decimal, Field(ge=0, max_digits=14, decimal_places=4, examples=["12.50"])]
PriorityWord = Literal["EXPRESS", "RUSH", "STANDARD", "LOW", "CRITICAL", "HIGH", "NORMAL"]
