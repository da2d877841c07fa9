"""The kinds of card that a person may lay on the reader, and how each is made. Knows no wire.

`desfire-ev2` is the blank card that the product issues; the others are refused by it, each for its own reason.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from hardware.emulation.card import authentication, card_commands, file_commands
from hardware.emulation.card.chip import ATR, Chip
from hardware.emulation.card.memory import AES, Application, CardMemory, Key, factory_memory
from hardware.emulation.card.words import describe


class Kind(StrEnum):
    """Kinds of card."""

    BLANK = "desfire-ev2"
    OLD = "desfire-ev1"
    OCCUPIED = "non-blank"
    LOCKED = "locked"
    WRITE_PROTECTED = "write-protected"
    FOREIGN = "foreign"
    CLASSIC = "mifare-classic"
    MUTE = "mute"


class Card(Protocol):
    """A card as the reader sees it."""

    atr: bytes
    memory: CardMemory

    def power_on(self) -> None:
        """Begin anew."""
        ...

    def transmit(self, apdu: bytes) -> bytes | None:
        """Return the response APDU, None where the card stays silent."""
        ...

    def words(self) -> list[str]:
        """Return what the card holds, in words."""
        ...


class DesfireCard(Chip):
    """A card with a DESFire chip."""

    atr = ATR

    def words(self) -> list[str]:
        """See Card."""
        return describe(self.memory)


@dataclass(slots=True)
class FixedCard:
    """A card of another system: it has an ATR and answers everything alike."""

    atr: bytes
    memory: CardMemory
    answer: bytes | None

    def power_on(self) -> None:
        """See Card."""

    def transmit(self, apdu: bytes) -> bytes | None:
        """See Card; SELECT finds nothing."""
        if self.answer is not None and apdu[:2] == b"\x00\xa4":
            return b"\x6a\x82"
        return self.answer

    def words(self) -> list[str]:
        """See Card."""
        return [f"card of another system ({self.memory.kind}), UID {self.memory.uid.hex()}"]


_FIXED: dict[Kind, tuple[str, bytes | None]] = {
    Kind.FOREIGN: ("3b888001000000000071810079", b"\x6e\x00"),
    Kind.CLASSIC: ("3b8f8001804f0ca000000306030001000000006a", b"\x6d\x00"),
    Kind.MUTE: ("3b8180018080", None),
}


def new_memory(kind: Kind, uid: bytes = b"") -> CardMemory:
    """Return a card's memory as somebody brings it; without `uid` with a random one (04 and 6 bytes, classic 4 bytes)."""
    uid = uid or (os.urandom(4) if kind is Kind.CLASSIC else b"\x04" + os.urandom(6))
    memory = factory_memory(kind, uid)
    if kind is Kind.OCCUPIED:
        memory.applications.append(Application(b"\x11\x22\x33", 0x0F, [Key(AES, bytes(16))]))
        memory.used = 256
    if kind is Kind.LOCKED:
        memory.card.settings = 0x08
        memory.card.keys = [Key(AES, os.urandom(16), 1)]
    return memory


def card_from(memory: CardMemory, keep: Callable[[CardMemory], None], random: Callable[[int], bytes] = os.urandom) -> Card:
    """Return the card with this memory; `keep` is called after each change."""
    kind = Kind(memory.kind)
    if kind in _FIXED:
        atr, answer = _FIXED[kind]
        return FixedCard(bytes.fromhex(atr), memory, answer)
    chip = DesfireCard(memory, keep, random)
    for commands in (authentication.COMMANDS, card_commands.COMMANDS, file_commands.COMMANDS):
        chip.install(commands)
    return chip
