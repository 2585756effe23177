"""pgqueuer's driver over two connections: one asks, the other only listens.

On a single connection a query would wait until listening pauses, up to a second.
"""

from typing import Any, Self

import psycopg
from pgqueuer.adapters.drivers.psycopg import PsycopgDriver
from pgqueuer.domain.settings import db_settings
from psycopg import sql


class AskAndListen(PsycopgDriver):
    """Statements go over `asking`; notifications come in over `listening`."""

    def __init__(self, asking: psycopg.AsyncConnection[Any], listening: psycopg.AsyncConnection[Any]) -> None:
        super().__init__(listening)
        self._asking = PsycopgDriver(asking)

    async def fetch(self, query: str, *args: object) -> list[dict[str, object]]:
        """Run a statement and give its rows."""
        return await self._asking.fetch(query, *args)

    async def execute(self, query: str, *args: object) -> str:
        """Run a statement and give what the server says."""
        return await self._asking.execute(query, *args)

    async def __aenter__(self) -> Self:
        # pgqueuer sends itself a first message while it begins to listen: it would miss it now and then.
        await self._connection.execute(sql.SQL("LISTEN {}").format(sql.Identifier(db_settings().channel)))
        return await super().__aenter__()

    async def __aexit__(self, *exception: object) -> None:
        # Listening would go on for up to a second.
        if self._entered == 1 and self._watcher is not None:
            self._watcher.cancel()
        await super().__aexit__(*exception)
