"""Puts a player before a service of its own, which is opened when the script names its rules. Decides nothing."""

from __future__ import annotations

from contextlib import AbstractContextManager, ExitStack, contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol

from server_stub.till.clock import VirtualClock
from server_stub.till.player import Player

if TYPE_CHECKING:
    from collections.abc import Iterator

    from server_stub.domain.clock import Clock
    from server_stub.domain.program.parameters import Parameters
    from server_stub.storage.database import Database
    from server_stub.till.orders import Counter, Orders


class OpenService(Protocol):
    """Opens a service under the rules of a script, and closes it."""

    def __call__(self, clock: Clock, parameters: Parameters) -> AbstractContextManager[Counter]:
        """Returns the service for as long as the context lasts."""
        ...


@contextmanager
def session(open_service: OpenService | None = None, server: str | None = None) -> Iterator[Player]:
    """Returns a player; what it opens is closed and taken away at the end.

    Args:
        open_service: None: a service of the script's own.
        server: Address of a PostgreSQL database in which the role may make a schema for that; None: an embedded file.

    Raises:
        StorageError: The server cannot be reached, or the role may not; before any line is played.
    """
    clock = VirtualClock(datetime(1900, 1, 1, tzinfo=UTC))
    with ExitStack() as stack:
        database = stack.enter_context(_schema_on(server, clock)) if server else None

        def open_orders(parameters: Parameters) -> Orders:
            # Half a second of imports, and not for a script without rules.
            from server_stub.till.embedded import embedded_service  # noqa: PLC0415
            from server_stub.till.orders import Orders  # noqa: PLC0415

            opened = open_service(clock, parameters) if open_service else embedded_service(clock, parameters, database)
            return Orders(stack.enter_context(opened))

        yield Player(open_orders, clock.move_to)


def _schema_on(server: str, clock: Clock) -> AbstractContextManager[Database]:
    from server_stub.storage.own_schema import own_schema  # noqa: PLC0415 - psycopg, which an embedded file does not need

    return own_schema(server, clock)
