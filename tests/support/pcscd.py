"""A private pcscd with a virtual card for one test process. PC/SC reads its socket's path once, so there is one of each."""

from __future__ import annotations

import atexit
import functools
import os
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from hardware.emulation.card.client import CardProcess, start_card
from hardware.emulation.pcscd import CLIENT_VARIABLE, Pcscd, find_daemon, find_driver, start_pcscd


@dataclass(slots=True)
class CardBench:
    """A running pcscd and virtual card."""

    pcscd: Pcscd
    cards: CardProcess

    @property
    def control(self):
        return self.cards.control

    def clear(self) -> None:
        """Take all cards away and see that the daemon runs."""
        for slot in (0, 1):
            self.control.remove(slot)
        if self.pcscd.pid is None:
            self.pcscd.start()


@contextmanager
def card_bench(speed_kbit_per_s: int = 0) -> Iterator[CardBench]:
    """Start both; sets the variable by which this process and its children find the daemon."""
    if find_daemon() is None or find_driver() is None:
        pytest.skip("pcscd with the virtual reader is not installed")
    with tempfile.TemporaryDirectory(prefix="cards-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        pcscd = start_pcscd(folder / "pcscd")
        os.environ[CLIENT_VARIABLE] = str(pcscd.socket_path)
        cards = start_card(folder, pcscd.port, speed_kbit_per_s)
        try:
            yield CardBench(pcscd, cards)
        finally:
            cards.stop()
            pcscd.stop()


@functools.cache
def shared_bench() -> CardBench:
    """The one bench of this process: a second daemon would not be found, because its socket's path is read once."""
    stack = ExitStack()
    bench = stack.enter_context(card_bench())
    atexit.register(stack.close)
    return bench
