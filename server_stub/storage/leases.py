"""Statements on leases. Knows no job."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from server_stub.storage.database import Tx
from server_stub.storage.rows import add, change, first
from server_stub.storage.tables.leases import lease

# Several machines have several clocks, which NTP keeps within a second or two (docs/operations.md).
_CLOCKS_AGREE = timedelta(seconds=10)


@dataclass(frozen=True, slots=True)
class LeaseRow:
    """Who does a job, and until when nobody else does."""

    job: str
    holder: str
    held_until: datetime


def lease_of(tx: Tx, job: str) -> LeaseRow | None:
    """Returns the lease of a job, ended or not; None where it was never taken."""
    return first(tx, select(lease).where(lease.c.job == job), LeaseRow)


def is_held(found: LeaseRow, now: datetime, longest: datetime) -> bool:
    """Returns whether a lease holds; one that ends later than any that is taken now was written by nobody who does the job."""
    return now < found.held_until <= longest + _CLOCKS_AGREE


def take_lease(tx: Tx, wanted: LeaseRow) -> bool:
    """Takes a lease that is free, ended or the same holder's; False where another holds it."""
    found = lease_of(tx, wanted.job)
    if found is None:
        add(tx, lease, wanted)
        return True
    if found.holder != wanted.holder and is_held(found, tx.now, wanted.held_until):
        return False
    change(tx, lease, lease.c.job == wanted.job, {"holder": wanted.holder, "held_until": wanted.held_until})
    return True


def end_lease(tx: Tx, job: str, holder: str) -> None:
    """Gives a lease back; somebody else's stays as it is."""
    change(tx, lease, (lease.c.job == job) & (lease.c.holder == holder), {"held_until": tx.now})
