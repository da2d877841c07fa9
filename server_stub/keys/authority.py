"""The authority's folder: where certificates lie and how a kiosk gets its own. Knows no registry and no transport."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from server_stub.keys.certificates import Credential, new_authority, new_device, new_server
from server_stub.keys.durable import PUBLIC_FILE, make_private_folder, read_private, write_durably
from server_stub.keys.folder import KeysRefused

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from server_stub.config import Profile

FOLDER = "tls"
LOCAL_NAMES = ("localhost", "127.0.0.1", "::1")
DEVICE_CERTIFICATE = "device.pem"
DEVICE_KEY = "device.key"
DEVICE_AUTHORITY = "ca.pem"


@dataclass(frozen=True, slots=True)
class Authority:
    """The certificates below a key folder: `tls/authority.{crt,key}` and `tls/server.{crt,key}`."""

    folder: Path

    @classmethod
    def create(cls, keys: Path, profile: Profile, server_names: Sequence[str] = LOCAL_NAMES) -> Authority:
        """Makes the authority and the server's certificate.

        Raises:
            KeysRefused: there is an authority already.
        """
        folder = keys / FOLDER
        if (folder / "authority.key").exists():
            raise KeysRefused(f"{folder}: holds an authority already")
        make_private_folder(folder)
        root = new_authority(f"Neighbour Market {profile.value.upper()} authority")
        _write(folder, "authority", root)
        _write(folder, "server", new_server(root, server_names))
        return cls(folder)

    @classmethod
    def open(cls, keys: Path) -> Authority:
        """Opens the folder.

        Raises:
            KeysRefused: no authority here.
        """
        folder = keys / FOLDER
        if not (folder / "authority.crt").exists():
            raise KeysRefused(f"{folder}: no certificates; make them with 'keys init'")
        return cls(folder)

    @property
    def certificate(self) -> bytes:
        """The authority's certificate, PEM; what servers and devices trust."""
        return (self.folder / "authority.crt").read_bytes()

    @property
    def server(self) -> Credential:
        """The server's certificate and key."""
        return self._read("server")

    def renew_server(self, server_names: Sequence[str] = LOCAL_NAMES) -> None:
        """Makes a new server certificate; the running service takes it up when it starts again."""
        _write(self.folder, "server", new_server(self._read("authority"), server_names))

    def enrol(self, device_id: str, out: Path) -> Credential:
        """Makes a device's credential and writes it for the kiosk: `device.pem`, `device.key`, `ca.pem` in `out`."""
        credential = new_device(self._read("authority"), device_id)
        make_private_folder(out)
        write_durably(out / DEVICE_KEY, credential.private_key)
        write_durably(out / DEVICE_CERTIFICATE, credential.certificate, PUBLIC_FILE)
        write_durably(out / DEVICE_AUTHORITY, self.certificate, PUBLIC_FILE)
        return credential

    def _read(self, name: str) -> Credential:
        try:
            return Credential((self.folder / f"{name}.crt").read_bytes(), read_private(self.folder / f"{name}.key"))
        except FileNotFoundError as error:
            raise KeysRefused(f"{error.filename}: missing") from error


def _write(folder: Path, name: str, credential: Credential) -> None:
    write_durably(folder / f"{name}.key", credential.private_key)
    write_durably(folder / f"{name}.crt", credential.certificate, PUBLIC_FILE)
