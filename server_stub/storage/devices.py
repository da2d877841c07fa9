"""Statements on stores, devices and calls for staff. Knows no certificate, only its digest."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import select

from server_stub.domain.actors import DeviceKind
from server_stub.storage.database import Tx
from server_stub.storage.rows import add, change, every, first
from server_stub.storage.tables.devices import device, staff_call, store


class DeviceState(StrEnum):
    """State of a device in the registry."""

    ENROLLING = "ENROLLING"
    AVAILABLE = "AVAILABLE"
    SUSPENDED = "SUSPENDED"
    REVOKED = "REVOKED"


class CallState(StrEnum):
    """State of a call for staff."""

    WAITING = "WAITING"
    ANSWERED = "ANSWERED"
    CLOSED = "CLOSED"


@dataclass(frozen=True, slots=True)
class StoreRow:
    """A store; region_code is the GB/T 2260 code of its district."""

    store_id: str
    name: str
    region_code: str


@dataclass(frozen=True, slots=True)
class DeviceRow:
    """A device.

    Attributes:
        certificate_sha256: SHA-256 of its certificate in DER, 32 bytes; None until it is enrolled.
        last_device_seq: Highest number of its mutations that was accepted.
    """

    device_id: str
    kind: DeviceKind
    name: str
    store_id: str
    certificate_sha256: bytes | None
    state: DeviceState
    last_device_seq: int
    enrolled_at: datetime
    last_seen_at: datetime | None
    software_version: str | None
    card_reader_ok: bool | None
    printer_ok: bool | None


@dataclass(frozen=True, slots=True)
class StaffCallRow:
    """A call for staff to a device."""

    call_id: str
    device_id: str
    screen: str
    language: str
    state: CallState
    called_at: datetime
    answered_by: str | None
    answered_at: datetime | None
    closed_at: datetime | None


def add_store(tx: Tx, row: StoreRow) -> None:
    """Adds a store."""
    add(tx, store, row)


def store_by_id(tx: Tx, store_id: str) -> StoreRow | None:
    """Returns a store."""
    return first(tx, select(store).where(store.c.store_id == store_id), StoreRow)


def store_names(tx: Tx, store_ids: Collection[str]) -> dict[str, str]:
    """Returns the names of stores; one that is unknown is left out."""
    rows = tx.connection.execute(select(store.c.store_id, store.c.name).where(store.c.store_id.in_(store_ids)))
    return {row.store_id: row.name for row in rows}


def add_device(tx: Tx, row: DeviceRow) -> None:
    """Adds a device."""
    add(tx, device, row)


def device_by_id(tx: Tx, device_id: str) -> DeviceRow | None:
    """Returns a device."""
    return first(tx, select(device).where(device.c.device_id == device_id), DeviceRow)


def device_by_certificate(tx: Tx, certificate_sha256: bytes) -> DeviceRow | None:
    """Returns the device that a certificate belongs to."""
    return first(tx, select(device).where(device.c.certificate_sha256 == certificate_sha256), DeviceRow)


def all_devices(tx: Tx) -> tuple[DeviceRow, ...]:
    """Returns all devices by id."""
    return every(tx, select(device).order_by(device.c.device_id), DeviceRow)


def change_device(tx: Tx, device_id: str, values: Mapping[str, Any]) -> bool:
    """Changes a device; False where it is unknown."""
    return change(tx, device, device.c.device_id == device_id, values) == 1


def note_device_seq(tx: Tx, device_id: str, device_seq: int) -> None:
    """Raises the device's highest accepted number; late requests do not lower it."""
    which = (device.c.device_id == device_id) & (device.c.last_device_seq < device_seq)
    change(tx, device, which, {"last_device_seq": device_seq})


def add_call(tx: Tx, row: StaffCallRow) -> None:
    """Records a call."""
    add(tx, staff_call, row)


def call_by_id(tx: Tx, call_id: str) -> StaffCallRow | None:
    """Returns a call."""
    return first(tx, select(staff_call).where(staff_call.c.call_id == call_id), StaffCallRow)


def waiting_call(tx: Tx, device_id: str) -> StaffCallRow | None:
    """Returns the call of a device that nobody has answered yet."""
    mine = (staff_call.c.device_id == device_id) & (staff_call.c.state == CallState.WAITING)
    return first(tx, select(staff_call).where(mine).order_by(staff_call.c.called_at.desc()).limit(1), StaffCallRow)


def open_calls(tx: Tx, store_id: str) -> tuple[StaffCallRow, ...]:
    """Returns the calls that are not closed, oldest first; of one store, or of all where it is empty."""
    query = select(staff_call).where(staff_call.c.state != CallState.CLOSED).order_by(staff_call.c.called_at)
    if store_id:
        query = query.join(device, device.c.device_id == staff_call.c.device_id).where(device.c.store_id == store_id)
    return every(tx, query, StaffCallRow)


def change_call(tx: Tx, before: StaffCallRow, values: Mapping[str, Any]) -> bool:
    """Changes a call; False where somebody was quicker."""
    which = (staff_call.c.call_id == before.call_id) & (staff_call.c.state == before.state)
    return change(tx, staff_call, which, values) == 1
