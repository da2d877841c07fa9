"""The one collection of tables, how constraints are named, and what makes a table append-only. Knows no single table."""

from __future__ import annotations

from typing import Any

from sqlalchemy import DDL, Column, Constraint, Index, MetaData, Table, event
from sqlalchemy.schema import ExecutableDDLElement

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def table(name: str, *parts: Column[Any] | Constraint | Index) -> Table:
    """Returns a table; STRICT on SQLite, so that a wrong type is refused there as PostgreSQL refuses it."""
    return Table(name, metadata, *parts, sqlite_strict=True)


def facts(name: str, *parts: Column[Any] | Constraint | Index) -> Table:
    """Returns an append-only table: the database itself refuses UPDATE and DELETE.

    On SQLite triggers raise; on PostgreSQL the service's role has no such right (decisions.md, Ledger).
    """
    made = table(name, *parts)
    made.info["append_only"] = True
    for statement in append_only_triggers(name):
        event.listen(made, "after_create", _on_sqlite(statement))
    return made


def passing(name: str, *parts: Column[Any] | Constraint | Index) -> Table:
    """Returns a table whose rows end: of all tables these are the only ones of which the service's role may delete any."""
    made = table(name, *parts)
    made.info["passing"] = True
    return made


def _on_sqlite(statement: str) -> ExecutableDDLElement:
    ddl: ExecutableDDLElement = DDL(statement)  # type: ignore[no-untyped-call]
    return ddl.execute_if(dialect="sqlite")


def append_only_triggers(name: str) -> tuple[str, str]:
    """Returns the SQLite statements that protect a table of facts; the migrations run the same text."""
    return (
        f"CREATE TRIGGER {name}_no_update BEFORE UPDATE ON {name} BEGIN SELECT RAISE(ABORT, '{name} is append-only'); END",
        f"CREATE TRIGGER {name}_no_delete BEFORE DELETE ON {name} BEGIN SELECT RAISE(ABORT, '{name} is append-only'); END",
    )
