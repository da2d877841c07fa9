"""Hands that lay cards on a reader: the same movements for simulated and for virtual cards."""

from __future__ import annotations

import os

from hardware.card.monitor import PcscMonitor
from hardware.card.pcsc import PcscSlot
from hardware.card.sim import SimCard, SimReader
from tests.support.pcscd import CardBench


class SimHands:
    """A person with simulated cards."""

    def __init__(self) -> None:
        self.reader = SimReader()
        self._cards: dict[str, SimCard] = {}

    def insert(self, name: str, kind: str = "desfire-ev2") -> bytes:
        answers = {b"\x60": b"\x04\x01\x91\xaf", b"\x6a": b"\x91\x00"}
        uid = b"\x04" + os.urandom(6)
        card = self._cards.setdefault(name, SimCard(uid, lambda apdu: answers.get(apdu[1:2], b"\x91\x1c")))
        self.reader.insert(card)
        return card.uid

    def insert_two(self) -> None:
        self.reader.insert_two()

    def remove(self) -> None:
        self.reader.remove()

    def pull_at_next_command(self, name: str) -> None:
        self.reader.fail_after = 0

    def driver(self):
        return self.reader, self.reader


class VirtualHands:
    """A person with virtual cards on a real PC/SC reader."""

    def __init__(self, bench: CardBench) -> None:
        self.bench = bench

    def insert(self, name: str, kind: str = "desfire-ev2") -> bytes:
        return self.bench.control.insert(name, kind)

    def insert_two(self) -> None:
        self.bench.control.insert("one")
        self.bench.control.insert("two", slot=1)

    def remove(self) -> None:
        self.bench.control.remove(0)
        self.bench.control.remove(1)

    def pull_at_next_command(self, name: str) -> None:
        self.bench.control.tear(name, 0, "before")

    def driver(self):
        return PcscSlot(), PcscMonitor()
