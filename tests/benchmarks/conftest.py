"""One run of the smallest size, whose prepared books the tests of a file share."""

from collections.abc import Iterator

import pytest
from benchmarks.run import QUICK, Run, running


@pytest.fixture(scope="module")
def quick(embedded: str) -> Iterator[Run]:
    """Measure little, on the server of the tests."""
    with running(embedded, QUICK) as run:
        yield run
