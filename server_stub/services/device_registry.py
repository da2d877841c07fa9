"""The register of devices: enrolment, revocation, and who a certificate belongs to. Knows digests, never a certificate or a key."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from server_stub.domain.actors import DeviceActor, DeviceKind
from server_stub.domain.permissions import Operation, require, require_device
from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import Finding, refuse
from server_stub.services.audit import Deed
from server_stub.storage.devices import (
    DeviceRow,
    DeviceState,
    StoreRow,
    add_device,
    add_store,
    all_devices,
    change_device,
    device_by_certificate,
    device_by_id,
    store_by_id,
)

if TYPE_CHECKING:
    from datetime import datetime

    from server_stub.domain.actors import Actor
    from server_stub.services.foundation import Foundation
    from server_stub.storage.database import Tx

# Stands on receipts, in front of the running number.
_DEVICE_ID = re.compile(r"[A-Z][A-Z0-9]{1,7}", re.ASCII)
_STORE_ID = re.compile(r"[A-Z][A-Z0-9]{1,15}", re.ASCII)
_REGION = re.compile(r"[0-9]{6}", re.ASCII)
_LONGEST_NAME = 40


@dataclass(frozen=True, slots=True)
class NewDevice:
    """A device to be enrolled.

    Attributes:
        device_id: Short id that stands on receipts, e.g. `K03`.
        name: As the screen's header shows it, e.g. 自助服务机 03.
        certificate_sha256: SHA-256 of its certificate in DER, 32 bytes.
        store_id: Store where it stands.
        store_name: Needed where the store is new, e.g. 湖滨店.
        region_code: Needed where the store is new: GB/T 2260 code of its district.
        kind: What it is for; a till's certificate opens sales, a kiosk's opens members.
    """

    device_id: str
    name: str
    certificate_sha256: bytes
    store_id: str
    store_name: str = ""
    region_code: str = ""
    kind: DeviceKind = DeviceKind.KIOSK


@dataclass(frozen=True, slots=True)
class DeviceIdentity:
    """Who a device is, as it may show on its screen."""

    device_id: str
    name: str
    store_name: str
    region_code: str
    last_device_seq: int
    server_time: datetime


@dataclass(frozen=True, slots=True)
class Listed:
    """A device as a list shows it; the certificate's digest as hex."""

    device_id: str
    kind: str
    name: str
    store_id: str
    state: str
    certificate_sha256: str
    last_seen_at: str
    software_version: str


@dataclass(frozen=True, slots=True)
class Condition:
    """What a device says of its parts."""

    card_reader_ok: bool
    printer_ok: bool


class DeviceRegistry:
    """The register.

    Thread:
        any; blocks.
    """

    def __init__(self, foundation: Foundation) -> None:
        self._foundation = foundation

    def enrol(self, actor: Actor, device: NewDevice) -> None:
        """Enters a device, or gives a known one a new certificate; the one before is void from then on.

        Raises:
            Refusal: NOT_PERMITTED; REQUEST_MALFORMED with the field; DEVICE_REVOKED: what was revoked stays revoked, take a new id.
        """
        require(actor, Operation.MANAGE_DEVICES)
        _check(device)

        def transaction(tx: Tx) -> None:
            self._require_store(tx, actor, device)
            known = device_by_id(tx, device.device_id)
            if known is None:
                add_device(tx, _row(tx, device))
            elif known.state is DeviceState.REVOKED:
                raise refuse(Reason.DEVICE_REVOKED)
            else:
                values = {
                    "kind": device.kind,
                    "name": device.name,
                    "store_id": device.store_id,
                    "certificate_sha256": device.certificate_sha256,
                    "state": DeviceState.AVAILABLE,
                }
                change_device(tx, device.device_id, values)
            detail = {
                "device": device.device_id,
                "kind": device.kind.value,
                "store": device.store_id,
                "certificate": device.certificate_sha256.hex(),
            }
            self._foundation.audit.record(tx, Deed(actor, "device.enrolled", detail=detail))

        self._foundation.database.write(transaction)

    def revoke(self, actor: Actor, device_id: str) -> None:
        """Shuts a device out, also on connections that are open.

        Raises:
            Refusal: NOT_PERMITTED; DEVICE_UNKNOWN.
        """
        require(actor, Operation.MANAGE_DEVICES)

        def transaction(tx: Tx) -> None:
            if not change_device(tx, device_id, {"state": DeviceState.REVOKED}):
                raise refuse(Reason.DEVICE_UNKNOWN)
            self._foundation.audit.record(tx, Deed(actor, "device.revoked", detail={"device": device_id}))

        self._foundation.database.write(transaction)

    def list(self, actor: Actor) -> tuple[Listed, ...]:
        """Returns all devices by id.

        Raises:
            Refusal: NOT_PERMITTED.
        """
        require(actor, Operation.MANAGE_DEVICES)
        return tuple(_listed(row) for row in self._foundation.database.read(all_devices))

    def with_certificate(self, certificate_sha256: bytes) -> DeviceActor:
        """Returns the device that a certificate belongs to; asked anew for each call.

        Raises:
            Refusal: DEVICE_UNKNOWN; DEVICE_REVOKED: revoked or suspended.
        """
        row = self._foundation.database.read(lambda tx: device_by_certificate(tx, certificate_sha256))
        if row is None:
            raise refuse(Reason.DEVICE_UNKNOWN)
        if row.state in {DeviceState.REVOKED, DeviceState.SUSPENDED}:
            raise refuse(Reason.DEVICE_REVOKED)
        return DeviceActor(row.device_id, row.store_id, row.kind)

    def hello(self, actor: Actor, software_version: str) -> DeviceIdentity:
        """Returns who the device is, and notes what it runs."""
        device = require_device(actor, Operation.REPORT_DEVICE)

        def transaction(tx: Tx) -> DeviceIdentity:
            change_device(tx, device.device_id, {"software_version": software_version[:_LONGEST_NAME], "last_seen_at": tx.now})
            row, store = device_by_id(tx, device.device_id), store_by_id(tx, device.store_id)
            if row is None or store is None:
                raise refuse(Reason.DEVICE_UNKNOWN)
            return DeviceIdentity(row.device_id, row.name, store.name, store.region_code, row.last_device_seq, tx.now)

        return self._foundation.database.write(transaction)

    def heartbeat(self, actor: Actor, condition: Condition) -> datetime:
        """Notes a sign of life and returns the time."""
        device = require_device(actor, Operation.REPORT_DEVICE)

        def transaction(tx: Tx) -> datetime:
            values = {"card_reader_ok": condition.card_reader_ok, "printer_ok": condition.printer_ok, "last_seen_at": tx.now}
            change_device(tx, device.device_id, values)
            return tx.now

        return self._foundation.database.write(transaction)

    def _require_store(self, tx: Tx, actor: Actor, device: NewDevice) -> None:
        if store_by_id(tx, device.store_id):
            return
        if not device.store_name or len(device.store_name) > _LONGEST_NAME:
            raise refuse(Reason.REQUEST_MALFORMED, Finding("store_name", Reason.FIELD_REQUIRED))
        if not _REGION.fullmatch(device.region_code):
            raise refuse(Reason.REQUEST_MALFORMED, Finding("region_code", Reason.FIELD_CHARACTERS))
        add_store(tx, StoreRow(device.store_id, device.store_name, device.region_code))
        self._foundation.audit.record(tx, Deed(actor, "store.added", detail={"store": device.store_id}))


def _check(device: NewDevice) -> None:
    if not _DEVICE_ID.fullmatch(device.device_id):
        raise refuse(Reason.REQUEST_MALFORMED, Finding("device_id", Reason.FIELD_CHARACTERS))
    if not _STORE_ID.fullmatch(device.store_id):
        raise refuse(Reason.REQUEST_MALFORMED, Finding("store_id", Reason.FIELD_CHARACTERS))
    if not device.name.isprintable() or not 0 < len(device.name) <= _LONGEST_NAME:
        raise refuse(Reason.REQUEST_MALFORMED, Finding("name", Reason.FIELD_CHARACTERS))


def _row(tx: Tx, device: NewDevice) -> DeviceRow:
    return DeviceRow(
        device_id=device.device_id,
        kind=device.kind,
        name=device.name,
        store_id=device.store_id,
        certificate_sha256=device.certificate_sha256,
        state=DeviceState.AVAILABLE,
        last_device_seq=0,
        enrolled_at=tx.now,
        last_seen_at=None,
        software_version=None,
        card_reader_ok=None,
        printer_ok=None,
    )


def _listed(row: DeviceRow) -> Listed:
    return Listed(
        device_id=row.device_id,
        kind=row.kind.value,
        name=row.name,
        store_id=row.store_id,
        state=row.state.value,
        certificate_sha256=row.certificate_sha256.hex() if row.certificate_sha256 else "",
        last_seen_at=row.last_seen_at.isoformat(timespec="seconds") if row.last_seen_at else "",
        software_version=row.software_version or "",
    )
