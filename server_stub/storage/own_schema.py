"""A schema of one's own on a PostgreSQL server, with all tables, for as long as it is wanted. Knows no single table.

For what is played and thrown away: the role that makes the tables owns them, so that rights do not protect facts here as they do in
an installation (storage.rights).
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager

from psycopg.conninfo import conninfo_to_dict, make_conninfo
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

import server_stub.storage.tables  # noqa: F401 - fills the metadata
from server_stub.domain.clock import Clock
from server_stub.storage.database import Database, StorageError
from server_stub.storage.metadata import metadata
from server_stub.storage.postgres import PostgresDatabase


@contextmanager
def own_schema(url: str, clock: Clock) -> Iterator[Database]:
    """Opens a new schema in a database and drops it at the end, whatever happened.

    Args:
        url: Address of the database under a role that may make schemas in it.
        clock: Time of the transactions.

    Raises:
        StorageError: The database cannot be reached, or the role may not.
    """
    name = f"till_{secrets.token_hex(8)}"
    keeper = PostgresDatabase(url, clock)
    try:
        _run(keeper, f"CREATE SCHEMA {name}")
        try:
            yield from _opened(url, name, clock)
        finally:
            _run(keeper, f"DROP SCHEMA {name} CASCADE")
    finally:
        keeper.close()


def _opened(url: str, name: str, clock: Clock) -> Iterator[Database]:
    options = f"{conninfo_to_dict(url).get('options') or ''} -csearch_path={name}".strip()
    database = PostgresDatabase(make_conninfo(url, options=options), clock)
    try:
        database.write(lambda tx: metadata.create_all(tx.connection, checkfirst=False))
        yield database
    finally:
        database.close()


def _run(database: Database, statement: str) -> None:
    try:
        with database.writer.begin() as connection:
            connection.execute(text(statement))
    except DBAPIError as error:
        # The address may hold a password; the server's words do not.
        raise StorageError(f"no schema of its own on the database: {str(error.orig).splitlines()[0]}") from error
