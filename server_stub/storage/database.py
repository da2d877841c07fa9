"""What a database is to the stores: transactions that write and transactions that read. Knows retries; knows no engine and no table."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, TypeVar

from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import DBAPIError, IntegrityError, TimeoutError

from server_stub.domain.clock import Clock

T = TypeVar("T")


class StorageError(Exception):
    """The database is not as it must be: a pragma did not take, a role may do too much. The text names what it is about."""

    reason: ClassVar[str] = "DATABASE_UNFIT"


class NotMigrated(StorageError):
    """Tables or columns are not there: the database is new or older than the program."""

    reason = "DATABASE_NOT_MIGRATED"


class DatabaseDamaged(StorageError):
    """What lies there is no database of this key, or its pages contradict each other."""

    reason = "DATABASE_DAMAGED"


class NoValue(ValueError):
    """A driver cannot read what stands in a column, e.g. text that is no UTF-8: only the database's owner can have put it there."""


class StorageUnavailable(Exception):
    """The database did not answer, or others were quicker every time; nothing is known to be wrong with the request.

    Whether the transaction was committed is not known either, so the same request may come again, under the same id.
    """


@dataclass(frozen=True, slots=True)
class Tx:
    """One transaction; passed to every statement of the stores.

    Attributes:
        connection: SQLAlchemy connection; used by this package only.
        now: The one moment of the transaction, aware, UTC.
    """

    connection: Connection
    now: datetime


@dataclass(frozen=True, slots=True)
class Patience:
    """How often a transaction is tried again.

    Attributes:
        attempts: At most, the first one included.
        budget_s: No attempt begins later than this after the first one.
        taken_keys: How often a key may be found taken: who finds one reads again and goes another way, and one that stays taken is a
            fault of the work.
    """

    attempts: int
    budget_s: float
    taken_keys: int = 4


# What ``write`` raises where rows contradict each other: the database refuses what the work wants, however often it runs.
RowsContradict = IntegrityError


def tell_of_unfitness(engine: Engine, unfit: Callable[[BaseException], StorageError | NoValue | None]) -> None:
    """Lets an engine raise what is wrong with the database, as a whole or in one value, instead of the driver's words for one statement."""

    @event.listens_for(engine, "handle_error")
    def tell(context: Any) -> None:
        if found := unfit(context.original_exception):
            raise found from context.original_exception


class Database(ABC):
    """One database, whichever it is: the same use cases run on all of them.

    A transaction of `write` is as if nobody else wrote between its first statement and its end, so that a check and the write
    that depends on it see the same state. How that is reached is the subclass's matter (docs/decisions/0019).

    Thread:
        any.
    """

    def __init__(self, clock: Clock, writer: Engine, readers: Engine, patience: Patience) -> None:
        """Opens lazily.

        Args:
            clock: Time of the transactions.
            writer: Engine of the writing transactions.
            readers: Engine of the reading ones.
            patience: How often a transaction is tried again.
        """
        self._clock = clock
        self._writer = writer
        self._readers = readers
        self._patience = patience

    def write(self, work: Callable[[Tx], T]) -> T:
        """Returns what the work returned, committed; an exception of the work rolls everything back.

        The work may run again where somebody else was quicker (a unique key was taken, a lock not granted) or the connection
        was lost, even after its commit, so it must do nothing but statements on its transaction.

        Raises:
            StorageUnavailable: The database did not answer, or others were quicker every time.
            DBAPIError: Of SQLAlchemy: the database refuses what the work wants.
        """
        return self._with_patience(self._writer, work, self._may_write_again)

    def read(self, work: Callable[[Tx], T]) -> T:
        """Returns what the work returned, from one consistent state; writing in it is refused by the database."""
        return self._with_patience(self._readers, work, self._may_read_again)

    @property
    def writer(self) -> Engine:
        """Returns the writing engine, for migrations."""
        return self._writer

    def close(self) -> None:
        """Closes every connection."""
        self._writer.dispose()
        self._readers.dispose()

    @abstractmethod
    def _may_write_again(self, error: DBAPIError) -> bool:
        """Returns whether a writing transaction that failed so may succeed when it runs again."""

    @abstractmethod
    def _may_read_again(self, error: DBAPIError) -> bool:
        """Returns whether a reading transaction that failed so may succeed when it runs again."""

    @abstractmethod
    def _took_too_long(self, error: DBAPIError) -> bool:
        """Returns whether a statement was given up because its time was over, which nobody tries again at once."""

    @abstractmethod
    def _pause_s(self, attempt: int) -> float:
        """Returns the pause after an attempt that failed, in seconds; attempts count from 1."""

    def _with_patience(self, engine: Engine, work: Callable[[Tx], T], may_again: Callable[[DBAPIError], bool]) -> T:
        end = time.monotonic() + self._patience.budget_s
        attempt, taken = 1, 0
        while True:
            try:
                with engine.begin() as connection:
                    return work(Tx(connection, self._clock.now()))
            except TimeoutError as error:
                raise StorageUnavailable("no connection came free") from error
            except DBAPIError as error:
                taken += isinstance(error, IntegrityError)
                may_pass = may_again(error) and taken < self._patience.taken_keys
                if may_pass and attempt < self._patience.attempts and time.monotonic() < end:
                    pause_s = self._pause_s(attempt)
                elif may_pass or self._took_too_long(error):
                    raise StorageUnavailable(type(error.orig).__name__) from error
                else:
                    raise
            time.sleep(pause_s)
            attempt += 1
