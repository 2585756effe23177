"""What comes in: fields in camelCase, none that is unknown, text that PostgreSQL can hold."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints
from pydantic.alias_generators import to_camel

MOST_UNITS = 2**31 - 1


def _without_nul(text: str) -> str:
    if "\0" in text:
        raise ValueError("a NUL character cannot be kept")
    return text


class Body(BaseModel):
    """A request body; a field that nobody reads is refused, so that a misspelled one is noticed."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="forbid", frozen=True)


Text = Annotated[str, StringConstraints(max_length=2000), AfterValidator(_without_nul)]
Word = Annotated[str, StringConstraints(min_length=1, max_length=200), AfterValidator(_without_nul)]
Units = Annotated[int, Field(ge=1, le=MOST_UNITS, description="Whole units.")]
Name = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=r"^[\w.@+-]+$")]
# A password or the like: never trimmed, never told.
Secret = Annotated[str, StringConstraints(min_length=1, max_length=200), AfterValidator(_without_nul)]
