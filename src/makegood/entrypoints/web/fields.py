"""What a field of an address or of a form may hold, one type for each."""

from datetime import date
from typing import Annotated

from fastapi import Form
from pydantic import BeforeValidator

# A field that was left empty is one that was not asked for.
Asked = Annotated[
    str | None, BeforeValidator(lambda word: word.strip() or None if isinstance(word, str) else word)
]
# A date; a field that was left empty is none.
Date = Annotated[date | None, BeforeValidator(lambda typed: typed or None)]

# The same as fields of a form: a word and a number, each also one that may be left empty, a day, something ticked.
Word = Annotated[str, Form()]
Maybe = Annotated[Asked, Form()]
Whole = Annotated[int, Form()]
MaybeWhole = Annotated[int | None, BeforeValidator(lambda typed: typed or None), Form()]
Day = Annotated[Date, Form()]
Tick = Annotated[bool, Form()]
