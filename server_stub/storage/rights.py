"""What the service's role may do to the tables of a PostgreSQL server: facts are added and read, never changed; little can be deleted.

On SQLite triggers do this (storage.metadata). Knows the metadata's marks of tables, no single table.
"""

from __future__ import annotations

from psycopg.conninfo import conninfo_to_dict
from sqlalchemy import Connection, Table, text

import server_stub.storage.tables  # noqa: F401 - fills the metadata
from server_stub.storage.database import Database, StorageError
from server_stub.storage.metadata import metadata

_REVISION_TABLE = "alembic_version"


def role_of(url: str) -> str:
    """Returns the role that an address of PostgreSQL names.

    Raises:
        StorageError: It names none, and the name of the system's user would be a guess.
    """
    role = conninfo_to_dict(url).get("user")
    if not role:
        raise StorageError("database: the address names no role")
    return str(role)


def grant_rights(owner: Database, role: str) -> None:
    """Gives the service's role what it needs and takes everything else away; doing it again changes nothing.

    Args:
        owner: The database, opened as the role that owns its tables.
        role: The service's role; it must exist.

    Raises:
        StorageError: The role owns the tables itself, so nothing can be taken from it.
    """
    with owner.writer.begin() as connection:
        if connection.exec_driver_sql("SELECT current_user").scalar_one() == role:
            raise StorageError("database_owner: 'migrate' needs a role of its own that owns the tables; the service's must not")
        who = _quoted(connection, role)
        connection.exec_driver_sql(f"GRANT USAGE ON SCHEMA public TO {who}")
        for table in metadata.sorted_tables:
            rights = rights_on(table)
            name = _quoted(connection, table.name)
            connection.exec_driver_sql(f"REVOKE ALL ON {name} FROM PUBLIC, {who}")
            connection.exec_driver_sql(f"GRANT {rights} ON {name} TO {who}")
        connection.exec_driver_sql(f"GRANT SELECT ON {_REVISION_TABLE} TO {who}")


def rights_on(table: Table) -> str:
    """Returns what the service's role may do to a table, as GRANT has it."""
    if table.info.get("append_only"):
        return "SELECT, INSERT"
    return "SELECT, INSERT, UPDATE, DELETE" if table.info.get("passing") else "SELECT, INSERT, UPDATE"


def changeable_facts(database: Database) -> tuple[str, ...]:
    """Returns the append-only tables that the role which opened this database may change all the same; there must be none."""
    if database.writer.dialect.name != "postgresql":
        return ()
    facts = [table.name for table in metadata.sorted_tables if table.info.get("append_only")]
    query = text("SELECT name FROM unnest(CAST(:facts AS text[])) AS name WHERE has_table_privilege(name, 'UPDATE, DELETE, TRUNCATE')")
    return database.read(lambda tx: tuple(tx.connection.execute(query, {"facts": facts}).scalars()))


def _quoted(connection: Connection, name: str) -> str:
    return connection.dialect.identifier_preparer.quote_identifier(name)
