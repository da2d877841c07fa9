"""Column types that mean the same on SQLite (STRICT) and on PostgreSQL. Knows no table."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, Date, DateTime, Integer, LargeBinary, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine

from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import Finding
from server_stub.storage.marks import Mark

MOMENT_FORMAT = "%Y-%m-%dT%H:%M:%S.%fZ"
# No document of this program is nested as deep. One that is deeper still would end whoever walks it, at a depth that hangs on the caller.
_DEEPEST = 50


def _require(is_written_so: bool, value: Any) -> None:  # noqa: FBT001 - it says nothing but whether
    """Raises ValueError for a value that this program does not write."""
    if not is_written_so:
        raise ValueError(f"not a value of this column: {type(value).__name__}")


class Moment(TypeDecorator[datetime]):
    """An aware moment in UTC: timestamptz, or on SQLite text of fixed width, so that its order is the order of time."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Returns the type on this database."""
        return dialect.type_descriptor(Text() if dialect.name == "sqlite" else DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        """Returns the value as the database takes it; a naive moment is a fault of the program."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise TypeError("a moment needs its zone")
        moment = value.astimezone(UTC)
        return moment.strftime(MOMENT_FORMAT) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Returns the moment, aware, UTC."""
        if value is None:
            return None
        if dialect.name == "sqlite":
            # Another spelling of the same moment would sort elsewhere, and pass for the row that was sealed.
            read = datetime.fromisoformat(value).astimezone(UTC)
            _require(read.isoformat(timespec="microseconds").replace("+00:00", "Z") == value, value)
            return read
        moment: datetime = value
        return moment.astimezone(UTC)


class Day(TypeDecorator[date]):
    """A calendar day: date, or on SQLite its ISO 8601 text."""

    impl = Date()
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Returns the type on this database."""
        return dialect.type_descriptor(Text() if dialect.name == "sqlite" else Date())

    def process_bind_param(self, value: date | None, dialect: Dialect) -> Any:
        """Returns the value as the database takes it."""
        return value.isoformat() if value is not None and dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> date | None:
        """Returns the day."""
        if value is None or dialect.name != "sqlite":
            return value  # type: ignore[no-any-return]
        day = date.fromisoformat(value)
        _require(day.isoformat() == value, value)
        return day


class Flag(TypeDecorator[bool]):
    """Yes or no: boolean, or on SQLite 0 or 1."""

    impl = Boolean()
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Returns the type on this database."""
        return dialect.type_descriptor(Integer() if dialect.name == "sqlite" else Boolean())

    def process_bind_param(self, value: bool | None, dialect: Dialect) -> Any:  # noqa: FBT001 - the signature is SQLAlchemy's
        """Returns the value as the database takes it."""
        return int(value) if value is not None and dialect.name == "sqlite" else value

    def process_result_value(self, value: Any, dialect: Dialect) -> bool | None:  # noqa: ARG002 - the signature is SQLAlchemy's
        """Returns the truth value."""
        _require(value is None or (isinstance(value, int) and value in {0, 1}), value)
        return None if value is None else bool(value)


class Document(TypeDecorator[Any]):
    """A JSON value as canonical text: sorted keys, no spaces, so that equal values are equal bytes."""

    impl = Text()
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:  # noqa: ARG002 - the signature is SQLAlchemy's
        """Returns the text."""
        return None if value is None else canonical_json(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:  # noqa: ARG002 - the signature is SQLAlchemy's
        """Returns the value."""
        if value is None:
            return None
        read = json.loads(value)
        # JSON's null would pass for no value at all.
        _require(read is not None and _is_shallow(read, value) and canonical_json(read) == value, value)
        return read


class Findings(Document):
    """Findings of a form as a JSON list of field and reason."""

    cache_ok = True

    def process_bind_param(self, value: tuple[Finding, ...] | None, dialect: Dialect) -> str | None:
        """Returns the text."""
        listed = None if value is None else [{"field": f.field, "reason": f.reason.value} for f in value]
        return super().process_bind_param(listed, dialect)

    def process_result_value(self, value: Any, dialect: Dialect) -> tuple[Finding, ...] | None:
        """Returns the findings."""
        listed = super().process_result_value(value, dialect)
        _require(listed is None or isinstance(listed, list), value)
        return None if listed is None else tuple(Finding(f["field"], Reason(f["reason"])) for f in listed)


# 64 bits on every database; SQLite's STRICT tables know the word INTEGER only.
WHOLE = BigInteger().with_variant(Integer(), "sqlite")
TEXT = Text()
BYTES = LargeBinary()
MOMENT = Moment()
DAY = Day()
FLAG = Flag()
DOCUMENT = Document()
FINDINGS = Findings()


def canonical_json(value: Mapping[str, Any] | list[Any] | tuple[Any, ...]) -> str:
    """Returns the one text of a JSON value (sorted keys, no spaces, characters as they are)."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def _is_shallow(read: Any, text: str) -> bool:
    # Nearly every text has fewer brackets altogether.
    return text.count("[") + text.count("{") <= _DEEPEST or _reaches(read, _DEEPEST)


def _reaches(read: Any, levels: int) -> bool:
    """Returns whether so many levels reach down to the ground of a value."""
    inner = read.values() if isinstance(read, dict) else read if isinstance(read, list) else ()
    return levels > 0 and all(_reaches(one, levels - 1) for one in inner)


def column(name: str, type_: TypeEngine[Any], mark: Mark, *args: Any, **options: Any) -> Column[Any]:
    """Returns a column that carries its mark of personal data; not null unless said."""
    options.setdefault("nullable", False)
    return Column(name, type_, *args, info={"pii": mark}, **options)


def plain(value: Any) -> Any:  # noqa: PLR0911 - one line for each type of column
    """Returns a value of a column as JSON has it; bytes as hex, moments in UTC with microseconds."""
    match value:
        case dict():
            return {str(k): plain(v) for k, v in value.items()}
        case list() | tuple():
            return [plain(v) for v in value]
        case bytes():
            return value.hex()
        case datetime():
            return value.astimezone(UTC).isoformat(timespec="microseconds")
        case date():
            return value.isoformat()
        case Finding(field=field, reason=reason):
            return [field, reason.value]
        case StrEnum():
            return value.value
        case _:
            return value
