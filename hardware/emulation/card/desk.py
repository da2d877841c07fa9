"""The cards at hand and the slots of the reader: which card lies where. Knows no control language.

A card keeps its memory in a file of its own, so that killing this process leaves the card as it is.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from dataclasses import dataclass, field
from pathlib import Path

from hardware.emulation.card.kinds import Card, Kind, card_from, new_memory
from hardware.emulation.card.memory import load, save
from hardware.emulation.card.tears import Tear, TornCard
from hardware.emulation.card.timing import AirTime
from hardware.emulation.card.wire import CardWire

_RETRY_S = 0.1
# A hand takes longer. pcscd looks every 0.4 s; a card that is back sooner, after a broken command, stays unseen for good.
_ABSENCE_S = 0.6
_HOST = "127.0.0.1"


@dataclass(slots=True)
class Slot:
    """One place on the reader."""

    port: int
    card: TornCard | None = None
    wire: CardWire | None = None
    keeper: asyncio.Task[None] | None = None
    left_at: float = float("-inf")
    connected: asyncio.Event = field(default_factory=asyncio.Event)


class CardDesk:
    """Cards by name, slots by number. Thread: loop."""

    def __init__(self, port: int, folder: Path | None, air: AirTime) -> None:
        self.air = air
        self._folder = folder
        self._cards: dict[str, TornCard] = {}
        # One entry of the reader's configuration has two slots, on neighbouring ports.
        self._slots = [Slot(port), Slot(port + 1)]
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
            for path in sorted(folder.glob("*.json")):
                self._add(path.stem, path)

    def _add(self, name: str, path: Path | None, kind: Kind = Kind.BLANK, uid: bytes = b"") -> TornCard:
        memory = load(path) if path is not None and path.exists() else new_memory(kind, uid)
        if path is None:
            card = card_from(memory, lambda _memory: None)
        else:
            save(memory, path)
            card = card_from(memory, lambda changed: save(changed, path))
        self._cards[name] = TornCard(card)
        return self._cards[name]

    def names(self) -> dict[str, str]:
        """Return the cards: kind by name."""
        return {name: torn.card.memory.kind for name, torn in self._cards.items()}

    def card(self, name: str) -> Card:
        """Return a card; KeyError where there is none of this name."""
        return self._cards[name].card

    def lying(self, slot: int) -> str | None:
        """Return the name of the card in a slot."""
        return next((name for name, card in self._cards.items() if card is self._slots[slot].card), None)

    def make(self, name: str, kind: Kind, uid: bytes = b"") -> Card:
        """Make a card, unless one of this name exists."""
        if name not in self._cards:
            self._add(name, self._folder / f"{name}.json" if self._folder else None, kind, uid)
        return self._cards[name].card

    async def insert(self, name: str, slot_number: int = 0, timeout_s: float = 3.0) -> None:
        """Lay a card on the reader; it stays there until it is removed or torn, also over a restart of pcscd.

        Raises:
            TimeoutError: No reader answers on the slot's port.
        """
        await self.remove(slot_number)
        slot = self._slots[slot_number]
        await asyncio.sleep(slot.left_at + _ABSENCE_S - time.monotonic())
        slot.card = self._cards[name]
        slot.connected.clear()
        slot.keeper = asyncio.get_running_loop().create_task(self._keep(slot, slot.card))
        async with asyncio.timeout(timeout_s):
            await slot.connected.wait()

    async def _keep(self, slot: Slot, card: TornCard) -> None:
        """Hold the connection of a card that lies on the reader."""
        loop = asyncio.get_running_loop()
        while slot.card is card:
            lost = asyncio.Event()

            def torn() -> None:
                slot.card = None
                slot.left_at = time.monotonic()

            def make(lost: asyncio.Event = lost) -> CardWire:
                return CardWire(card, lambda: self.air, torn, lost.set)

            try:
                _, slot.wire = await loop.create_connection(make, _HOST, slot.port)
            except OSError:
                await asyncio.sleep(_RETRY_S)
                continue
            slot.connected.set()
            await lost.wait()
            await asyncio.sleep(_RETRY_S)

    async def remove(self, slot_number: int = 0) -> None:
        """Take the card off the reader."""
        slot = self._slots[slot_number]
        if slot.card is not None:
            slot.card = None
            slot.left_at = time.monotonic()
        if slot.keeper is not None:
            slot.keeper.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await slot.keeper
            slot.keeper = None
        if slot.wire is not None:
            slot.wire.leave()
            slot.wire = None

    def tear(self, name: str, tear: Tear | None) -> None:
        """Put a tear in front of a card, or take it back."""
        self._cards[name].ahead = tear

    def commands(self, name: str) -> int:
        """Return how many commands a card was given; the reader's own are not counted."""
        return self._cards[name].commands
