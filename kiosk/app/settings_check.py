"""What `kiosk config check` looks at beyond the words of the settings. Changes nothing.

It is the files and folders that they name, and in a store whether the machine has a virtual card reader.
"""

from __future__ import annotations

import os
import ssl
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature

from hardware.card.virtual_reader import entries_of_virtual_reader
from kiosk.config import Profile, ServiceSettings, Settings
from kiosk.paper.verify import KeyFileUnusable, load_public_keys


def problems(settings: Settings) -> list[str]:
    """Return what stands in the way of this kiosk, each beginning with the setting; empty where nothing does."""
    files = [*_identity(settings.service), *_receipt_keys(settings.kiosk.receipt_keys), *_folders(settings)]
    return [*files, *virtual_readers(settings.kiosk.profile)]


def virtual_readers(profile: Profile) -> list[str]:
    """Return what makes a virtual card reader of this machine, in a store; a developer's needs one."""
    entries = entries_of_virtual_reader() if profile is Profile.PRODUCTION else ()
    return [f"devices.reader: {entry} loads the virtual card reader, on which anybody on the network lays cards" for entry in entries]


def _identity(service: ServiceSettings) -> Iterator[str]:
    """Look at the files with which this device proves who it is, and at the authority that it believes."""
    files = {"authority": service.authority, "certificate": service.certificate, "private_key": service.private_key}
    missing = {name: why for name, path in files.items() if (why := _unreadable(path))}
    yield from (f"service.{name}: {files[name]} {why}" for name, why in missing.items())
    if "authority" not in missing and not _is_authority(service.authority):
        yield f"service.authority: {service.authority} holds no certificate"
    if not missing.keys() & {"certificate", "private_key"}:
        try:
            ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_cert_chain(service.certificate, service.private_key)
        except (ssl.SSLError, ValueError):
            yield f"service.certificate: {service.certificate} and service.private_key do not belong together"
            return
        # What is no authority was named above.
        if "authority" not in missing and _is_authority(service.authority) and not _is_issued(service.certificate, service.authority):
            yield f"service.authority: {service.authority} did not issue service.certificate"


def _is_authority(path: Path) -> bool:
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(path)
    except (ssl.SSLError, ValueError):
        return False
    return True


def _is_issued(certificate: Path, authority: Path) -> bool:
    """Return whether the chain in `certificate`, the device's own first, ends at one of the authority's certificates."""
    chain = x509.load_pem_x509_certificates(certificate.read_bytes())
    links = [_signed(child, parent) for child, parent in pairwise(chain)]
    roots = x509.load_pem_x509_certificates(authority.read_bytes())
    return all(links) and any(_signed(chain[-1], root) or chain[-1] == root for root in roots)


def _signed(child: x509.Certificate, parent: x509.Certificate) -> bool:
    try:
        child.verify_directly_issued_by(parent)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True


def _unreadable(path: Path) -> str:
    if not path.is_file():
        return "is missing"
    return "" if os.access(path, os.R_OK) else "cannot be read"


def _receipt_keys(path: Path) -> Iterator[str]:
    try:
        load_public_keys(path)
    except KeyFileUnusable as error:
        yield f"kiosk.receipt_keys: {error}"


def _folders(settings: Settings) -> Iterator[str]:
    folders = {"kiosk.data_dir": settings.kiosk.data_dir}
    if not settings.devices.printer:
        folders["devices.slip_folder"] = settings.devices.slip_folder
    for name, folder in folders.items():
        # It is made when it is needed: what counts is the nearest folder that is there.
        there = next(place for place in (folder.absolute(), *folder.absolute().parents) if place.exists())
        if not there.is_dir() or not os.access(there, os.W_OK | os.X_OK):
            yield f"{name}: nothing can be written into {there}"
