"""Members who are there before a test begins: joined and with a card, by the services themselves, in the time of the installation.

Knows services and virtual cards; knows no kiosk and no wire.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from unittest.mock import patch

import server_stub.app
from hardware.emulation.card.kinds import Kind, new_memory
from hardware.emulation.card.memory import save
from hardware.emulation.card.tears import When
from server_stub.app import Composition, compose
from server_stub.config import load
from server_stub.domain.actors import DeviceActor
from server_stub.storage.codes import CodePurpose
from tests.support.announced_service import AHEAD, ClockAhead
from tests.support.card_desk import CardDesk, Torn
from tests.support.central_service import Central, adult_form
from tests.support.torn_card import HeldCard

KIOSK = DeviceActor("K03", "S001")
"""The kiosk that `develop` enrols."""


def composed(environment: Mapping[str, str], ahead: Path) -> Composition:
    """Return the services in this process, in the time that the file says."""
    with patch.dict(os.environ, {AHEAD: str(ahead)}):
        clock = ClockAhead()
    with patch.object(server_stub.app, "SystemClock", lambda: clock):
        return compose(load(environment=dict(environment)))


@dataclass(frozen=True, slots=True)
class _Time:
    """The installation's clock, as Central moves it."""

    parts: Composition
    wait: Callable[[float], None]

    def now(self) -> datetime:
        return self.parts.foundation.clock.now()

    def advance(self, **parts: float) -> None:
        self.wait(parts["seconds"])


class Residents:
    """Has people join.

    Args:
        parts: The services; messages must not be on their way out meanwhile.
        cards: Folder of the virtual cards.
        wait: Lets time pass.
    """

    def __init__(self, parts: Composition, cards: Path, wait: Callable[[float], None]) -> None:
        self._parts = parts
        self._cards = cards
        self.central = Central(_Time(parts, wait), parts.foundation, parts.core)  # type: ignore[arg-type]

    def join(self, name: str, mobile: str, card: str, torn_at: int | None = None) -> str:
        """Return the number of a new member with this card; with `torn_at` it left the reader at that command, half written."""
        desk, central = CardDesk(self.central, self._parts.cards, KIOSK), self.central
        joined = central.submit(adult_form(central.proof(mobile, device=KIOSK), name=name, mobile=mobile), device=KIOSK)
        held = HeldCard(new_memory(Kind.BLANK))
        if torn_at is not None:
            held.tear(torn_at, When.BEFORE)
        try:
            desk.confirm(desk.write(held, joined.issue_grant))
        except Torn:
            assert torn_at is not None
        self._cards.mkdir(parents=True, exist_ok=True)
        save(held.memory, self._cards / f"{card}.json")
        return joined.membership_number

    def report_lost(self, mobile: str) -> None:
        """Report a member's card lost, with a code to the phone."""
        proof = self.central.proof(mobile, CodePurpose.SIGN_IN, KIOSK)
        visit = self._parts.core.members.identify(KIOSK, proof)
        self._parts.cards.lost_cards.report(KIOSK, self._parts.new_envelope(), visit.visit_token)
        self._parts.core.members.end_visit(KIOSK, visit.visit_token, "")
