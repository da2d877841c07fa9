"""Between rows and frozen records whose fields are named as the columns. Knows no table."""

from __future__ import annotations

import functools
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, fields
from enum import StrEnum
from types import NoneType, UnionType
from typing import Any, TypeVar, cast, get_args, get_origin, get_type_hints

from sqlalchemy import Column, ColumnElement, Integer, LargeBinary, Select, Table, and_, false, func, insert, not_, select, update
from sqlalchemy import cast as cast_to
from sqlalchemy.engine import Row

from server_stub.storage.database import Tx

R = TypeVar("R")

UNREADABLE = (ValueError, TypeError, KeyError, OverflowError, RecursionError)
"""What drivers, the types of columns and closed lists raise over a value that only the database's owner can have put there."""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A row with a value that is none of its column's type; `key` is its primary key."""

    key: Any


def add(tx: Tx, table: Table, record: Any) -> None:
    """Inserts a record whose fields are the table's columns."""
    tx.connection.execute(insert(table).values({f.name: getattr(record, f.name) for f in fields(record)}))


def add_all(tx: Tx, table: Table, records: Sequence[Any]) -> None:
    """Inserts records in one call; none is fine."""
    if records:
        names = [f.name for f in fields(records[0])]
        tx.connection.execute(insert(table), [{name: getattr(record, name) for name in names} for record in records])


def change(tx: Tx, table: Table, which: ColumnElement[bool], values: Mapping[str, Any]) -> int:
    """Updates the rows and returns how many there were."""
    return tx.connection.execute(update(table).where(which).values(dict(values))).rowcount


def keys_where(tx: Tx, key: ColumnElement[str], which: ColumnElement[bool]) -> tuple[str, ...]:
    """Returns the keys of rows in order, e.g. of those that a statement is about to change and whose events name each."""
    return tuple(tx.connection.execute(select(key).where(which).order_by(key)).scalars())


def first(tx: Tx, query: Select[Any], record: type[R]) -> R | None:
    """Returns the first row as a record, or None."""
    result = tx.connection.execute(query.limit(1))
    make = _maker(cast("Hashable", record), tuple(result.keys()))
    row = result.first()
    return None if row is None else cast("R", make(row))


def every(tx: Tx, query: Select[Any], record: type[R]) -> tuple[R, ...]:
    """Returns all rows as records, in the query's order."""
    result = tx.connection.execute(query)
    make = _maker(cast("Hashable", record), tuple(result.keys()))
    return tuple(map(make, result))


def every_readable(tx: Tx, query: Select[Any], record: type[R], key: Column[Any]) -> tuple[R | Unreadable, ...]:
    """Like ``every``, but a row that cannot be read is told by its key instead of ending the walk.

    A row whose key is no key of this program is left out: nothing can refer to it, and ``odd_keys`` tells of it.

    Args:
        tx: Transaction.
        query: Of one table, all columns.
        record: Type of the records.
        key: The table's primary key, one column.
    """
    query = query.where(_is_own_key(tx, key))
    try:
        return _declared(every(tx, query, record))
    except UNREADABLE:
        keys = tx.connection.execute(query.with_only_columns(key)).scalars().all()
        return tuple(_one_readable(tx, select(key.table).where(key == one), record, one) for one in keys)


def _one_readable(tx: Tx, query: Select[Any], record: type[R], key: str) -> R | Unreadable:
    try:
        return _declared(every(tx, query, record))[0]
    except UNREADABLE:
        return Unreadable(key)


def own_keys(tx: Tx, table: Table) -> Sequence[Row[Any]]:
    """Returns the keys of all rows of a table, but for odd ones."""
    columns = tuple(table.primary_key.columns)
    return tx.connection.execute(select(*columns).where(*(_is_own_key(tx, column) for column in columns))).all()


def odd_keys(tx: Tx, table: Table) -> tuple[str, ...]:
    """Returns the keys of rows, of a table with one key column, that no part of this program can have written, in printable ASCII."""
    (key,) = table.primary_key.columns
    raw = cast_to(key, LargeBinary) if _is_embedded(tx) else key
    return tuple(map(_printable, tx.connection.execute(select(raw).where(not_(func.coalesce(_is_own_key(tx, key), false())))).scalars()))


def _is_own_key(tx: Tx, key: Column[Any]) -> ColumnElement[bool]:
    """Tells the keys that this program writes from what else a column takes once its owner has a hand in it."""
    if isinstance(key.type, Integer):
        counts = key >= 1
        return and_(counts, func.typeof(key) == "integer") if _is_embedded(tx) else counts
    if not _is_embedded(tx):
        # A server takes nothing but text that is text.
        return key != ""
    # Bytes that are no UTF-8 match no range of characters.
    return and_(key != "", func.typeof(key) == "text", not_(key.op("GLOB", is_comparison=True)("*[^ -~]*")))


def _is_embedded(tx: Tx) -> bool:
    return tx.connection.dialect.name == "sqlite"


def _printable(key: Any) -> str:
    raw = key if isinstance(key, bytes) else str(key).encode()
    return "".join(chr(byte) if chr(byte).isprintable() and byte < 0x80 else f"\\x{byte:02x}" for byte in raw)


def _declared(records: tuple[R, ...]) -> tuple[R, ...]:
    """Returns the records.

    Raises:
        TypeError: A value is none that its field is declared with: tables whose columns take anything are the owner's to make.
    """
    for record in records:
        for name, kinds in _field_kinds(cast("Hashable", type(record))):
            if not isinstance(getattr(record, name), kinds):
                raise TypeError(f"{name} is {type(getattr(record, name)).__name__}")
    return records


def from_row(row: Row[Any], record: type[R]) -> R:
    """Returns the row as a record; text becomes the closed list that the field is declared with."""
    return cast("R", _maker(cast("Hashable", record), tuple(row._fields))(row))


def from_values(values: Sequence[Any], record: type[R]) -> R:
    """Returns a record from its values in the order of its fields; see ``from_row``."""
    names = tuple(name for name, _ in _field_types(cast("Hashable", record)))
    return cast("R", _maker(cast("Hashable", record), names)(values))


@functools.cache
def _maker(record: Hashable, names: tuple[str, ...]) -> Callable[[Sequence[Any]], Any]:
    """Returns what makes the record of a row with these columns: long results are read by place, not by name."""
    make, kinds = cast("Callable[..., Any]", record), _field_types(record)
    places = [names.index(name) for name, _ in kinds]
    closed = [(at, kind) for at, (_, kind) in enumerate(kinds) if isinstance(kind, type) and issubclass(kind, StrEnum)]

    def made(row: Sequence[Any]) -> Any:
        values = [row[place] for place in places]
        for at, kind in closed:
            if values[at] is not None:
                values[at] = kind(values[at])
        return make(*values)

    return made


@functools.cache
def _field_types(record: Hashable) -> tuple[tuple[str, Any], ...]:
    hints = get_type_hints(record)
    return tuple((f.name, _without_none(hints[f.name])) for f in fields(cast("type", record)))


@functools.cache
def _field_kinds(record: Hashable) -> tuple[tuple[str, tuple[type, ...]], ...]:
    hints = get_type_hints(record)
    declared = [(f.name, get_args(hints[f.name]) if isinstance(hints[f.name], UnionType) else (hints[f.name],)) for f in fields(record)]  # type: ignore[arg-type]
    return tuple((name, tuple(get_origin(kind) or kind for kind in kinds)) for name, kinds in declared)


def _without_none(hint: Any) -> Any:
    """Returns the type of what may be absent."""
    kinds = [kind for kind in get_args(hint) if kind is not NoneType]
    return kinds[0] if isinstance(hint, UnionType) and len(kinds) == 1 else hint
