"""Migrations of the database and the one call that runs them. Imports Alembic (0.5 s), so only the migrate command does."""

from __future__ import annotations

from importlib.resources import files

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from server_stub.storage.database import Database


def upgrade(database: Database) -> str:
    """Brings the database to the newest revision and returns it; a database that is there already stays untouched."""
    with database.writer.connect() as connection:
        if connection.dialect.name == "postgresql":
            # An index of a large table takes what it takes; nobody waits for a migration but the one who runs it.
            connection.exec_driver_sql("SET statement_timeout = 0")
        config = Config()
        config.set_main_option("script_location", str(files(__package__)))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        connection.commit()
        return MigrationContext.configure(connection).get_current_revision() or ""


def revision(database: Database) -> str:
    """Returns the database's revision, empty where it was never migrated."""
    return database.read(lambda tx: MigrationContext.configure(tx.connection).get_current_revision() or "")


def is_current(database: Database) -> bool:
    """Returns whether the database is at the newest revision."""
    config = Config()
    config.set_main_option("script_location", str(files(__package__)))
    return revision(database) == ScriptDirectory.from_config(config).get_current_head()
