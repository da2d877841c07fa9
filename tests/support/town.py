"""The installation of a walk: the whole product with one clock that goes forward, and members who have cards of every kind.

Knows processes, members and what a hand can do at a kiosk; knows no chance. Blocking.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from pathlib import Path

from hardware.emulation.card.tears import When
from server_stub.app import Composition
from server_stub.domain.actors import SystemActor
from server_stub.domain.ledger_commands import AdjustPoints
from tests.journey.panel import PAYMENT_CODE, drawn
from tests.support.announced_service import AHEAD
from tests.support.cut_link import CutLink
from tests.support.records import Owner
from tests.support.residents import Residents, composed
from tests.support.residue import Canary
from tests.support.residue_visit import WatchedWorld

APP = SystemActor("app")
HALF_WRITTEN_AT = 20
"""Command of issuing at which something is written and not everything."""
CODE_EVERY_S = 61.0
OTHER_CODES = (
    PAYMENT_CODE,
    "281234567890123456",
    "6212345678901234567",
    "https://example.org/",
    "6901234567892",
    "HM1:NOT A CODE",
    "HR1:0",
    "x",
)
"""Of every kind that leads nowhere: payments, an address, goods, codes that only look like ours."""


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A member of the town. Names occur nowhere else."""

    name: str
    mobile: str
    number: str
    card: str

    def canaries(self) -> list[Canary]:
        """Return what must not be left at the kiosk."""
        mobile = self.mobile
        return [
            Canary(f"name of {self.card}", (self.name,)),
            Canary(f"masked name of {self.card}", (f"{self.name[:2]}**",)),
            Canary(f"mobile number of {self.card}", (mobile, f"{mobile[:3]} {mobile[3:7]} {mobile[7:]}")),
            Canary(f"membership number of {self.card}", (self.number,)),
        ]


@dataclass(slots=True)
class _Hands:
    """What lies where."""

    cards: dict[int, str] = field(default_factory=dict)
    is_serving: bool = True


class Town(WatchedWorld):
    """The installation; `with` it, then `open` it.

    Args:
        folder: Everything lies in it.
        has_link: Whether the kiosk reaches the service over a `link` that can be cut.
    """

    def __init__(self, folder: Path, *, has_link: bool = False) -> None:
        super().__init__(folder)
        self._has_link = has_link
        self.link: CutLink | None = None
        self._ahead = folder / "ahead"
        self._seconds = 0.0
        self._hands = _Hands()
        self.neighbours: list[Neighbour] = []
        self.wait(0)
        self.kiosk.command = [sys.executable, "-m", "tests.support.hurried_kiosk", "run"]
        self.service.command = [sys.executable, "-m", "tests.support.announced_service", "serve"]
        for process in (self.kiosk, self.service):
            process.environment[AHEAD] = str(self._ahead)

    def open(self) -> None:
        """Start everything, with members."""
        self.start_outside()
        self.run_service_command("develop", "--kiosk-dir", str(self.folder / "kiosk" / "identity"))
        self.parts: Composition = composed(self._service_environment(), self._ahead)
        self._close.callback(self.parts.close)
        cards = self.folder / "cards" / "cards"
        self.owner = Owner(self.parts, cards)
        self._furnish(Residents(self.parts, cards, self.wait))
        self.start_service()
        if self._has_link:
            self.link = CutLink(self.service_port)
            self._close.callback(self.link.close)
        self.start_kiosk()

    def _kiosk_environment(self, display: str) -> dict[str, str]:
        environment = super()._kiosk_environment(display)
        if self.link is not None:
            environment["KIOSK_SERVICE_TARGET"] = f"localhost:{self.link.port}"
        return environment

    @property
    def seconds(self) -> float:
        """How far the clocks were put forward."""
        return self._seconds

    def wait(self, seconds: float) -> None:
        """Let time pass for kiosk and service."""
        self._seconds += seconds
        beside = self._ahead.with_suffix(".new")
        beside.write_text(f"{self._seconds}", encoding="utf-8")
        beside.replace(self._ahead)

    # Members.

    def _furnish(self, residents: Residents) -> None:
        rich, _poor, lost, _half = (
            self._settle(residents, "诸葛琪玥", "19104736281"),
            self._settle(residents, "端木婧妍", "19104736282"),
            self._settle(residents, "司徒翊鸣", "19104736283"),
            self._settle(residents, "令狐骁骏", "19104736284", HALF_WRITTEN_AT),
        )
        more = AdjustPoints(residents.central.member_id(rich.number), 6_000, "test", "anna", "bo", "C-1")
        self.parts.core.ledger.adjustments.adjust(APP, self.parts.new_envelope(), more)
        residents.report_lost(lost.mobile)

    def _settle(self, residents: Residents, name: str, mobile: str, torn_at: int | None = None) -> Neighbour:
        card = f"card-{mobile[-1]}"
        neighbour = Neighbour(name, mobile, residents.join(name, mobile, card, torn_at), card)
        self.neighbours.append(neighbour)
        return neighbour

    # Hands.

    def lies(self, slot: int = 0) -> str:
        """Return the name of the card on the reader; empty where the reader is."""
        return self._hands.cards.get(slot, "")

    def lay(self, card: str, kind: str = "desfire-ev2", slot: int = 0) -> None:
        """Lay a card on the reader, in the place of what lies there."""
        assert self.cards is not None
        self.take_off(slot)
        self.cards.control.insert(card, kind, slot)
        self._hands.cards[slot] = card

    def take_off(self, slot: int = 0) -> None:
        """Take the card off the reader."""
        assert self.cards is not None
        if self._hands.cards.pop(slot, ""):
            self.cards.control.remove(slot)

    def tear(self, command: int, when: When) -> None:
        """Have the card on the reader leave it at one of its next commands."""
        assert self.cards is not None
        if self.lies():
            self.cards.control.tear(self.lies(), command, when, 1)

    def show(self, text: str) -> None:
        """Hold a code before the camera."""
        assert self.camera is not None
        self.camera.show(drawn(text))

    def show_nothing(self) -> None:
        """Take it away."""
        assert self.camera is not None
        self.camera.clear()

    def own_code(self, number: str) -> str:
        """Return a member's code of this moment, as their app makes it."""
        return self.parts.core.codes.make_for(APP, number).text

    def receipts(self) -> list[str]:
        """Return the codes of all receipts so far, oldest first."""
        return [row.code for row in self.owner.rows("SELECT code FROM receipt ORDER BY device_id, sequence")]

    @property
    def is_serving(self) -> bool:
        """Whether the service runs."""
        return self._hands.is_serving

    def end_service(self) -> None:
        """End the service as a power cut would."""
        self.service.kill()
        self._hands.is_serving = False

    def bring_service_back(self) -> None:
        """Start it again, where it was."""
        if not self._hands.is_serving:
            self.service.start()
            self._hands.is_serving = True
