"""How lists are paged: at most so many rows, going on after the cursor that the page before gave."""

from typing import Annotated

from fastapi import Query

from makegood.entrypoints.api.bodies import Word

Limit = Annotated[int, Query(ge=1, le=1000, description="At most so many rows.")]
After = Annotated[
    Word | None, Query(description="Go on after this cursor: `next` of the page before.", examples=[None])
]
