"""A database on the tests' PostgreSQL, migrated as an installation migrates it, and emptied again for each test.

Copying a database takes half a second, emptying one some milliseconds. Knows tables by the metadata only.
"""

from __future__ import annotations

from sqlalchemy import delete

from server_stub.storage.metadata import metadata
from server_stub.storage.migrations import upgrade
from server_stub.storage.postgres import PostgresDatabase
from server_stub.storage.rights import grant_rights
from tests.support.central_service import SettableClock, furnish
from tests.support.private_postgres import OWNER, SERVICE, PrivatePostgres


class FurnishedPostgres:
    """One database with a store and two devices; close it."""

    def __init__(self, server: PrivatePostgres) -> None:
        """Makes and migrates it on the server."""
        self.server = server
        self.name = server.create()
        self._owner = PostgresDatabase(server.url(self.name, OWNER), SettableClock())
        upgrade(self._owner)
        grant_rights(self._owner, SERVICE)
        self._emptying = "; ".join(str(delete(table)) for table in reversed(metadata.sorted_tables))

    @property
    def address(self) -> str:
        """Its address as the service's role sees it."""
        return self.server.url(self.name)

    @property
    def owner_address(self) -> str:
        """Its address as the owner of the tables sees it."""
        return self.server.url(self.name, OWNER)

    def furnish(self) -> None:
        """Takes out whatever is in it, and puts the store and the devices in."""
        # One round trip for all tables: one for each took longer than most tests.
        with self._owner.writer.begin() as connection:
            connection.exec_driver_sql(self._emptying)
        self._owner.write(furnish)

    def close(self) -> None:
        """Removes it."""
        self._owner.close()
        self.server.drop(self.name)
