"""Another kiosk of the same store: a process, a display and a camera of its own, on the service of a town. It has no card reader."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Self

from hardware.emulation.camera.client import start_camera
from tests.journey.glass import Display, Glass
from tests.journey.staff import proof
from tests.journey.world import Daemon
from tests.support.town import Town

DEVICE, ADMINISTRATOR = "K04", "dev-admin"


class SecondKiosk:
    """The other kiosk; `with` it. Blocking."""

    def __init__(self, town: Town) -> None:
        self._town = town
        self._close = contextlib.ExitStack()
        self.folder: Path = town.folder / "kiosk-2"

    def __enter__(self) -> Self:
        """Enrol it and start everything."""
        identity = self.folder / "identity"
        words = ("device", "enrol", DEVICE, "--kind", "kiosk", "--store", "S001", "--out", str(identity))
        self._town.run_service_command(*words, environment=proof(self._town, ADMINISTRATOR))
        self.camera = start_camera(self.folder / "camera")
        self._close.callback(self.camera.stop)
        display = Display(self._town.width, self._town.height)
        self._close.callback(display.close)
        probe = self.folder / "probe.sock"
        self.glass = Glass(display.name, probe)
        daemon = Daemon("kiosk-2", self._town.kiosk.command, self._town.folder / "logs", self._environment(display.name), probe.exists)
        daemon.start()
        self._close.callback(daemon.stop)
        return self

    def __exit__(self, *_about: object) -> None:
        """End it."""
        self._close.close()

    def _environment(self, display: str) -> dict[str, str]:
        identity = self.folder / "identity"
        return {
            **self._town.kiosk.environment,
            "DISPLAY": display,
            "KIOSK_KIOSK_DATA_DIR": str(self.folder),
            "KIOSK_KIOSK_RECEIPT_KEYS": str(identity / "receipt-keys.json"),
            "KIOSK_SERVICE_TARGET": f"localhost:{self._town.service_port}",
            "KIOSK_SERVICE_AUTHORITY": str(identity / "ca.pem"),
            "KIOSK_SERVICE_CERTIFICATE": str(identity / "device.pem"),
            "KIOSK_SERVICE_PRIVATE_KEY": str(identity / "device.key"),
            "KIOSK_DEVICES_SLIP_FOLDER": str(self.folder / "slips"),
            "KIOSK_DEVICES_READER": "a reader that is not here",
            "KIOSK_DEVICES_CAMERA": self.camera.address,
        }
