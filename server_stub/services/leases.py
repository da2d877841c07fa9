"""Lets one of several service processes do a job at a time. Knows no job; what is done under a lease is right without it too."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from server_stub.storage.leases import LeaseRow, end_lease, is_held, lease_of, take_lease

if TYPE_CHECKING:
    from server_stub.domain.uuid7 import IdSource
    from server_stub.storage.database import Database, Tx


class Lease:
    """This process's claim to a job.

    Thread:
        any, one at a time; blocks.
    """

    def __init__(self, database: Database, ids: IdSource, job: str, length: timedelta) -> None:
        """Takes nothing yet.

        Args:
            database: Database of all processes.
            ids: Makes this holder's name.
            job: Name of the job.
            length: How long nobody else begins after this process was last heard of.
        """
        self._database = database
        self._job = job
        self._length = length
        self._holder = ids.new("prc")

    def hold(self) -> bool:
        """Returns whether this process may do the job now; takes the lease, or keeps it when half of it is over."""
        found, now = self._database.read(lambda tx: (lease_of(tx, self._job), tx.now))
        if found is not None and is_held(found, now, now + self._length):
            if found.holder != self._holder:
                return False
            if found.held_until > now + self._length / 2:
                return True
        return self._database.write(self._take)

    def give_back(self) -> None:
        """Lets another process begin at once."""
        self._database.write(lambda tx: end_lease(tx, self._job, self._holder))

    def _take(self, tx: Tx) -> bool:
        return take_lease(tx, LeaseRow(self._job, self._holder, tx.now + self._length))
