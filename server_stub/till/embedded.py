"""A service of a script's own: an empty database that goes away again, keys that nobody keeps. Knows no line."""

from __future__ import annotations

import tempfile
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import server_stub.storage.tables  # noqa: F401 - fills the metadata
from server_stub.config import Profile
from server_stub.domain.actors import SystemActor
from server_stub.domain.uuid7 import Uuid7Source
from server_stub.keys.folder import KeyFolder
from server_stub.keys.symmetric import AesWrappingKey, HmacTokenKey
from server_stub.services.coupons import Coupons
from server_stub.services.foundation import lay_foundation
from server_stub.services.ledger.build import build_ledger
from server_stub.services.visits import Visits
from server_stub.storage.metadata import metadata
from server_stub.storage.sqlite import SqliteDatabase
from server_stub.till.orders import Counter

if TYPE_CHECKING:
    from collections.abc import Iterator

    from server_stub.domain.clock import Clock
    from server_stub.domain.program.parameters import Parameters
    from server_stub.storage.database import Database

_ACTOR = SystemActor("till")
_VERSION = "till-script"
# Long before any moment of a script: sales may be told a year late.
_ALWAYS = datetime(1800, 1, 1, tzinfo=UTC)


@contextmanager
def embedded_service(clock: Clock, parameters: Parameters, database: Database | None = None) -> Iterator[Counter]:
    """Opens a service under these rules and takes it away again, whatever happened.

    Args:
        clock: Time of the service.
        parameters: Rules of the programme, from the beginning of time.
        database: Has its tables and nothing in them, and stays open; None: an embedded file.
    """
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="till-")))
        yield counter_on(database or stack.enter_context(_in_file(folder / "till.db", clock)), clock, folder, parameters)


def counter_on(database: Database, clock: Clock, folder: Path, parameters: Parameters) -> Counter:
    """Returns a counter of a service on a database that has its tables and nothing in them; its keys lie in the folder."""
    keys = KeyFolder.create(folder / "keys", Profile.DEVELOPMENT)
    base = lay_foundation(database, clock, Uuid7Source(clock), HmacTokenKey(keys), AesWrappingKey(keys))
    coupons = Coupons(base, Visits(base.ids, base.handles))
    ledger = build_ledger(base, coupons)
    ledger.programme.publish(_ACTOR, _VERSION, parameters, _ALWAYS)
    return Counter(_ACTOR, ledger, coupons)


@contextmanager
def _in_file(file: Path, clock: Clock) -> Iterator[Database]:
    database = SqliteDatabase(file, clock)
    try:
        database.write(lambda tx: metadata.create_all(tx.connection, checkfirst=False))
        yield database
    finally:
        database.close()
