"""All processes of one installation on this machine: gateways, central service, card reader, camera, printer, kiosk. Each can be killed.

Nothing here is faked above the wire; a test that wants a dead server stops that process.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
import tomllib
import urllib.parse
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import server_stub
from hardware.emulation.camera.client import CameraProcess, start_camera
from hardware.emulation.card.client import CardProcess, start_card
from hardware.emulation.pcscd import Pcscd, start_pcscd
from hardware.emulation.ports import steady_port
from hardware.emulation.printer.emulator import PrinterEmulator
from kiosk.app.freed_memory import NEEDED
from tests.journey.ear import Ear
from tests.journey.glass import Display, Glass, JourneyFailed

READY_S = 20.0
WELCOME = Path(server_stub.__file__).parent / "messages" / "templates" / "welcome.toml"
POLL_S = 0.03
PCSC_SOCKET = "PCSCLITE_CSOCK_NAME"
# Freed memory is overwritten: docs/decisions, residue of a visit.
RESIDUE = dict(word.split("=", 1) for word in NEEDED.split())


@dataclass(slots=True)
class Daemon:
    """A process that is started by a command, ready when `is_ready` says so, and can be killed and started again."""

    name: str
    command: list[str]
    folder: Path
    environment: dict[str, str] = field(default_factory=dict)
    is_ready: Callable[[], bool] = lambda: True
    before: Callable[[], None] = lambda: None
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it is ready.

        Raises:
            JourneyFailed: it ended or was not ready in time.
        """
        self.before()
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / f"{self.name}.log").open("ab") as log:
            environment = {**os.environ, **self.environment}
            self.process = subprocess.Popen(
                self.command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=environment, start_new_session=True
            )
        end = time.monotonic() + READY_S
        while not self.is_ready():
            if self.process.poll() is not None or time.monotonic() > end:
                text = (self.folder / f"{self.name}.log").read_text(encoding="utf-8", errors="replace")[-1500:]
                raise JourneyFailed(f"{self.name} does not get ready: {text}")
            time.sleep(POLL_S)

    @property
    def is_running(self) -> bool:
        """Tell whether it runs."""
        return self.process is not None and self.process.poll() is None

    def stop(self, number: int = signal.SIGTERM, wait_s: float = 15.0) -> None:
        """End it."""
        if self.process is None or self.process.poll() is not None:
            return
        self.process.send_signal(number)
        try:
            self.process.wait(wait_s)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(5)

    def kill(self) -> None:
        """End it as a power cut would."""
        self.stop(signal.SIGKILL)


class World:
    """One installation in a folder."""

    def __init__(
        self,
        folder: Path,
        *,
        width: int = 540,
        height: int = 960,
        with_printer: bool = True,
        card_kbit_per_s: int = 0,
        is_heard: bool = False,
    ) -> None:
        """Start nothing; `is_heard`: what the kiosk plays is written down. Else it is silent, unless a person uses it."""
        self.folder = folder.absolute()
        self.width = width
        self.height = height
        self._close = contextlib.ExitStack()
        # What is started again must be found where it was.
        self.service_port, self.sms_port, self.mail_port = steady_port(), steady_port(), steady_port()
        self.sms = self._gateway("sms_gateway", "sms", ["--http-port", str(self.sms_port)])
        self.mail = self._gateway("mail_sink", "mail", ["--smtp-port", str(self.mail_port), "--folder", str(self.mails)])
        self.service = self._service()
        self.kiosk = self._kiosk()
        self._with_printer = with_printer
        self._card_kbit_per_s = card_kbit_per_s
        self.ear = Ear(self.folder / "sound.raw") if is_heard else None
        self.display: Display | None = None
        self.pcscd: Pcscd | None = None
        self.cards: CardProcess | None = None
        self.camera: CameraProcess | None = None
        self.printer: PrinterEmulator | None = None

    # Places.

    @property
    def mails(self) -> Path:
        """Folder of the mails that arrived."""
        return self.folder / "mails"

    @property
    def probe(self) -> Path:
        """Socket of the kiosk's probe."""
        return self.folder / "kiosk" / "probe.sock"

    @property
    def glass(self) -> Glass:
        """The kiosk's touchscreen."""
        return Glass(self.kiosk.environment["DISPLAY"], self.probe)

    # Processes.

    def start_outside(self) -> None:
        """Start everything but service and kiosk."""
        self.sms.start()
        self._close.callback(self.sms.stop)
        self.mail.start()
        self._close.callback(self.mail.stop)
        self.pcscd = start_pcscd(self.folder / "pcscd")
        self._close.callback(self.pcscd.stop)
        self.cards = start_card(self.folder / "cards", self.pcscd.port, self._card_kbit_per_s)
        self._close.callback(self.cards.stop)
        self.camera = start_camera(self.folder / "camera")
        self._close.callback(self.camera.stop)
        if self._with_printer:
            self.printer = PrinterEmulator(self.folder / "printer").start()
            self._close.callback(self.printer.stop)

    def start_service(self) -> None:
        """Set the service up where that was not done, and start it."""
        if not (self.folder / "service" / "keys").exists():
            self.run_service_command("develop", "--kiosk-dir", str(self.folder / "kiosk" / "identity"))
        self.service.environment.update(self._service_environment())
        self.service.start()
        self._close.callback(self.service.stop)

    def start_kiosk(self, display: str | None = None) -> None:
        """Start the kiosk on a display, by default on a private one."""
        if display is None:
            self.display = Display(self.width, self.height)
            self._close.callback(self.display.close)
            display = self.display.name
        self.kiosk.environment.update(self._kiosk_environment(display))
        self.kiosk.start()
        self._close.callback(self.kiosk.stop)

    def close(self) -> None:
        """End everything, last started first."""
        self._close.close()

    def __enter__(self) -> World:
        """Return it; nothing runs yet."""
        return self

    def __exit__(self, *_about: object) -> None:
        """End everything."""
        self.close()

    # What came out.

    def code_for(self, mobile: str, wait_s: float = 10.0, after: str = "") -> str:
        """Return the newest code that lies on a phone, once it is another than `after`."""
        end = time.monotonic() + wait_s
        while time.monotonic() < end:
            if code := self.newest_code(mobile, after):
                return code
            time.sleep(POLL_S)
        raise JourneyFailed("no code came to the phone")

    def newest_code(self, mobile: str, after: str = "") -> str:
        """Return the newest code that lies on a phone now; empty where there is none but `after`."""
        answer = self._ask_gateway(f"/codes?to={urllib.parse.quote(mobile)}")
        code = str((answer or {}).get("code") or "")
        return code if code != after else ""

    def messages_for(self, mobile: str) -> list[dict[str, Any]]:
        """Return the messages on a phone."""
        return list(self._ask_gateway(f"/messages?to={urllib.parse.quote(mobile)}") or [])

    def wait_for_welcome(self, to: str, wait_s: float = 15.0) -> Any:
        """Return the welcome mail to an address, in whichever language it is; other mails to it do not count.

        Raises:
            JourneyFailed: none came.
        """
        subjects = set(tomllib.loads(WELCOME.read_text(encoding="utf-8"))["mail"]["subject"].values())
        end = time.monotonic() + wait_s
        while time.monotonic() < end:
            for path in sorted(self.mails.glob("*.eml")):
                mail = message_from_bytes(path.read_bytes(), policy=policy.default)
                if to in str(mail["To"]) and mail["Subject"] in subjects:
                    return mail
            time.sleep(POLL_S * 3)
        raise JourneyFailed("the welcome mail did not arrive")

    def slips(self, wait_s: float = 0.0) -> list[Path]:
        """Return the slips that came out so far, waiting for the first one."""
        end = time.monotonic() + wait_s
        while True:
            folder = self.folder / "kiosk" / "slips"
            found = list(self.printer.slips()) if self.printer is not None else sorted(folder.glob("*.pdf"))
            if found or time.monotonic() > end:
                return found
            time.sleep(POLL_S * 3)

    def member_code(self, number: str) -> bytes:
        """Return the picture of a member's dynamic code, as the member's app draws it."""
        picture = self.folder / "member-code.png"
        self.run_service_command("credential", "show", number, "--png", str(picture))
        return picture.read_bytes()

    def kiosk_environment(self) -> dict[str, str]:
        """Return the environment in which commands of the kiosk see this installation."""
        return {**os.environ, **self.kiosk.environment}

    def run_service_command(self, *words: str, environment: dict[str, str] | None = None) -> str:
        """Run a command of the service and return what it printed."""
        command = [sys.executable, "-m", "server_stub", *words]
        env = {**os.environ, **self._service_environment(), **(environment or {})}
        done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=240, check=False)
        if done.returncode:
            raise JourneyFailed(f"{' '.join(words[:2])} ended with {done.returncode}: {done.stderr[-500:] or done.stdout[-500:]}")
        return done.stdout

    # Inside.

    def _gateway(self, module: str, name: str, words: list[str]) -> Daemon:
        ready = self.folder / f"{name}.json"

        command = [sys.executable, "-m", f"server_stub.messages.emulation.{module}", *words, "--ready-file", str(ready)]
        return Daemon(module, command, self.folder / "logs", {}, ready.exists, lambda: ready.unlink(missing_ok=True))

    def _service(self) -> Daemon:
        ready = self.folder / "service-port"
        command = [sys.executable, "-m", "server_stub", "serve"]
        return Daemon("service", command, self.folder / "logs", {}, ready.exists, lambda: ready.unlink(missing_ok=True))

    def _service_environment(self) -> dict[str, str]:
        return {
            "MEMBER_SERVICE_DATA_DIR": str(self.folder / "service"),
            "MEMBER_SERVICE_LISTEN__PORT": str(self.service_port),
            "MEMBER_SERVICE_LISTEN__PORT_FILE": str(self.folder / "service-port"),
            "MEMBER_SERVICE_OUTBOX__POLL_S": "0.1",
            "MEMBER_SERVICE_SMS__URL": f"http://127.0.0.1:{self.sms_port}/messages",
            "MEMBER_SERVICE_MAIL__PORT": str(self.mail_port),
        }

    def _kiosk(self) -> Daemon:
        command = [sys.executable, "-m", "kiosk", "run"]

        def is_ready() -> bool:
            return self.probe.exists()

        return Daemon("kiosk", command, self.folder / "logs", {}, is_ready, lambda: self.probe.unlink(missing_ok=True))

    def _kiosk_environment(self, display: str) -> dict[str, str]:
        identity = self.folder / "kiosk" / "identity"
        environment = {
            **RESIDUE,
            "DISPLAY": display,
            "SDL_VIDEODRIVER": "x11",
            "KIOSK_KIOSK_DATA_DIR": str(self.folder / "kiosk"),
            "KIOSK_KIOSK_RECEIPT_KEYS": str(identity / "receipt-keys.json"),
            "KIOSK_SERVICE_TARGET": f"localhost:{self.service_port}",
            "KIOSK_SERVICE_AUTHORITY": str(identity / "ca.pem"),
            "KIOSK_SERVICE_CERTIFICATE": str(identity / "device.pem"),
            "KIOSK_SERVICE_PRIVATE_KEY": str(identity / "device.key"),
            "KIOSK_SCREEN_WIDTH": str(self.width),
            "KIOSK_SCREEN_HEIGHT": str(self.height),
            "KIOSK_DEVICES_SLIP_FOLDER": str(self.folder / "kiosk" / "slips"),
        }
        if self.pcscd is not None:
            environment[PCSC_SOCKET] = str(self.pcscd.socket_path)
        if self.camera is not None:
            environment["KIOSK_DEVICES_CAMERA"] = self.camera.address
        if self.printer is not None:
            environment["KIOSK_DEVICES_PRINTER"] = self.printer.uri
        if self.ear is not None:
            environment |= self.ear.environment
        elif self.display is not None:
            environment["KIOSK_DEVICES_VOLUME"] = "0"
        return environment

    def _ask_gateway(self, path: str) -> Any:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.sms_port}{path}", timeout=5) as answer:
                return json.load(answer)
        except (OSError, json.JSONDecodeError):
            return None
