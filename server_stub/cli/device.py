"""`device enrol|list|revoke`. Makes a kiosk's or till's certificate and enters its digest into the register."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from server_stub.cli.output import Exit, Printer
from server_stub.cli.signed_in import as_person
from server_stub.domain.actors import DeviceKind
from server_stub.keys.durable import PUBLIC_FILE, write_durably
from server_stub.keys.public import receipt_keys_text
from server_stub.services.device_registry import NewDevice

if TYPE_CHECKING:
    import argparse

    from server_stub.app import Composition
    from server_stub.config import ServiceSettings
    from server_stub.domain.actors import Actor

RECEIPT_KEYS = "receipt-keys.json"


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser], shared: argparse.ArgumentParser) -> None:
    """Adds the commands."""
    device = commands.add_parser("device", help="kiosks and tills: enrol, list, revoke").add_subparsers(dest="action", required=True)
    enrol = device.add_parser("enrol", parents=[shared], help="make a device's key and certificate and enter it into the register")
    enrol.add_argument("device", metavar="NAME", help="short id that stands on receipts, e.g. K03")
    enrol.add_argument(
        "--kind", choices=[kind.value.lower() for kind in DeviceKind], default="kiosk", help="what it is for; default: kiosk"
    )
    enrol.add_argument("--store", required=True, help="id of the store, e.g. S001")
    enrol.add_argument("--label", help="name on the kiosk's screen, e.g. 自助服务机 03; default: NAME")
    enrol.add_argument("--store-name", default="", help="for a new store: its name, e.g. 湖滨店")
    enrol.add_argument("--region", default="", help="for a new store: GB/T 2260 code of its district, e.g. 330102")
    enrol.add_argument("--out", type=Path, help="folder for the device's files; default: devices/NAME below the data folder")
    enrol.set_defaults(run=_enrol)
    device.add_parser("list", parents=[shared], help="list the devices").set_defaults(run=_list)
    revoke = device.add_parser("revoke", parents=[shared], help="shut a device out, also on open connections")
    revoke.add_argument("device", metavar="NAME", help="id of the device")
    revoke.set_defaults(run=_revoke)


def enrol(parts: Composition, actor: Actor, device: NewDevice, out: Path) -> None:
    """Writes the device's files into `out` and enters the device; `device.certificate_sha256` is filled in here.

    Raises:
        Refusal: see `DeviceRegistry.enrol`.
    """
    credential = parts.authority.enrol(device.device_id, out)
    write_durably(out / RECEIPT_KEYS, receipt_keys_text(parts.keys).encode(), PUBLIC_FILE)
    parts.devices.enrol(actor, replace(device, certificate_sha256=credential.sha256))


def _enrol(settings: ServiceSettings, arguments: argparse.Namespace, printer: Printer) -> Exit:
    out = arguments.out or settings.data_dir / "devices" / arguments.device
    label = arguments.label or arguments.device
    kind = DeviceKind(arguments.kind.upper())
    device = NewDevice(arguments.device, label, b"", arguments.store, arguments.store_name, arguments.region, kind)
    with as_person(settings, printer) as (parts, actor, marked):
        enrol(parts, actor, device, out)
        marked.record({"device": arguments.device, "store": arguments.store, "folder": str(out)})
    return Exit.GOOD


def _list(settings: ServiceSettings, _arguments: argparse.Namespace, printer: Printer) -> Exit:
    with as_person(settings, printer) as (parts, actor, marked):
        columns = ("device_id", "kind", "name", "store_id", "state", "certificate_sha256", "last_seen_at", "software_version")
        marked.table(parts.devices.list(actor), columns)
    return Exit.GOOD


def _revoke(settings: ServiceSettings, arguments: argparse.Namespace, printer: Printer) -> Exit:
    with as_person(settings, printer) as (parts, actor, marked):
        parts.devices.revoke(actor, arguments.device)
        marked.record({"device": arguments.device, "state": "REVOKED"})
    return Exit.GOOD
