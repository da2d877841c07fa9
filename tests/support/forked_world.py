"""One installation whose kiosk and service are forked: quick to kill and to start again, with a service's clock that can be put forward.

Gateways, pcscd and the card process are those of every other test. Knows processes; knows no journey. Blocking.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any, Self

from server_stub.app import Composition
from tests.journey.results import kiosk_command
from tests.journey.world import World
from tests.support.announced_service import AHEAD
from tests.support.autopilot_steps import CHANNEL
from tests.support.fork_server import Forked, ForkServer, wait_for
from tests.support.records import Owner
from tests.support.residents import composed
from tests.support.step_listener import StepListener

KIOSK, SERVICE = "kiosk", "service"


class ForkedWorld:
    """The installation.

    Args:
        folder: Everything lies in it.
        kiosk: Module whose `main` is the kiosk's process.
        has_announced_service: Whether the service announces its writes.
    """

    def __init__(self, folder: Path, kiosk: str, *, has_announced_service: bool) -> None:
        self.world = World(folder, with_printer=False)
        self._kiosk_module = kiosk
        self._has_announced_service = has_announced_service
        self._seconds = 0.0
        self._lies: dict[int, str] = {}
        self.kiosk: Forked | None = None
        self.service: Forked | None = None
        self.service_settings: dict[str, str] = {}

    def __enter__(self) -> Self:
        """Start everything but the kiosk."""
        world = self.world
        try:
            world.start_outside()
            world.run_service_command("develop", "--kiosk-dir", str(world.folder / "kiosk" / "identity"))
            self._ahead = world.folder / "ahead"
            self.wait(0)
            self.listener = StepListener(world.folder)
            self.lines = {name: self.listener.listen(name) for name in (KIOSK, SERVICE)}
            logs = world.folder / "logs"
            self.services = ForkServer("tests.support.announced_service", logs)
            self.kiosks = ForkServer(self._kiosk_module, logs)
            self.start_service()
            self.parts: Composition = composed(world._service_environment(), self._ahead)
            self.cards = world.folder / "cards" / "cards"
            self.owner = Owner(self.parts, self.cards)
        except BaseException:
            world.close()
            raise
        return self

    def __exit__(self, *_about: object) -> None:
        """End everything."""
        self.parts.close()
        self.kill_kiosk()
        self.kill_service()
        self.kiosks.close()
        self.services.close()
        self.listener.close()
        self.world.close()

    @property
    def journal(self) -> Path:
        """The kiosk's journal."""
        return self.world.folder / "kiosk" / "journal.db"

    # Processes.

    def start_service(self) -> None:
        """Start the service on the port that the kiosk knows."""
        ready = self.world.folder / "service-port"
        environment = {**os.environ, **self.world._service_environment(), **self.service_settings, AHEAD: str(self._ahead)}
        if self._has_announced_service:
            environment[CHANNEL] = self.lines[SERVICE]
        ready.unlink(missing_ok=True)
        self.service = self.services.start(["serve"], environment)
        wait_for(ready, self.service, self.services.log)

    def kill_service(self) -> None:
        """End the service as a power cut would; harmless where it does not run."""
        if self.service is not None:
            self.service.kill()
            self.listener.forget(SERVICE)

    def start_mail(self) -> None:
        """Start the mail server again where the service looks for it."""
        self.world.mail.start()

    def start_kiosk(self, facts: dict[str, Any] | None = None) -> None:
        """Start the kiosk; it connects to its line and says what it has to say there."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith("KIOSK_")}
        environment |= self.world._kiosk_environment("")
        environment |= {CHANNEL: self.lines[KIOSK], "AUTOPILOT_MEMBER": json.dumps(facts or {})}
        self.kiosk = self.kiosks.start([], environment)

    def kill_kiosk(self) -> None:
        """End the kiosk as a power cut would; harmless where it does not run."""
        if self.kiosk is not None:
            self.kiosk.kill()
            self.listener.forget(KIOSK)

    def kiosk_command(self, *words: str) -> dict[str, Any]:
        """Run a command of the kiosk in its place, for the reader is one process's; return its JSON."""
        self.kill_kiosk()
        self.world.kiosk.environment.update(self.world._kiosk_environment(""))
        return kiosk_command(self.world, *words)

    def wait(self, seconds: float) -> None:
        """Let the service's time pass."""
        self._seconds += seconds
        beside = self._ahead.with_suffix(".new")
        beside.write_text(f"{self._seconds}", encoding="utf-8")
        beside.replace(self._ahead)

    # Hands.

    def lies(self, slot: int = 0) -> str:
        """Return the name of the card that lies on the reader, empty for none."""
        return self._lies.get(slot, "")

    def lay(self, card: str, kind: str = "desfire-ev2", slot: int = 0, uid: bytes = b"") -> bytes:
        """Lay a card on the reader, made where there is none of this name; returns its UID."""
        assert self.world.cards is not None
        self._lies[slot] = card
        return self.world.cards.control.insert(card, kind, slot, uid)

    def take_off(self, slot: int = 0) -> None:
        """Take the card off the reader."""
        assert self.world.cards is not None
        if self._lies.pop(slot, ""):
            self.world.cards.control.remove(slot)

    def torn_off(self, slot: int = 0) -> None:
        """Note that the card has left the reader by itself."""
        self._lies.pop(slot, None)

    def audit_is_good(self) -> None:
        """Run `audit verify` as its owner would; raises where it finds something wrong."""
        report = json.loads(self.world.run_service_command("audit", "verify", "--json"))
        assert report["good"], report

    def logs(self) -> str:
        """Return what kiosk and service said last."""
        return f"kiosk says:\n{self.kiosks.log()}\nservice says:\n{self.services.log(1500)}"
