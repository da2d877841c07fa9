"""The card's goals over real PC/SC with the virtual card: commands and time of identifying, reading and personalising.

Times are taken with the delay of the air interface at its slowest speed, 106 kbit/s, and with the documented times of the
chip; the round trip is taken without any delay.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator

from hardware.card.api import CardLink
from hardware.card.layout.messaging import SecureSession
from hardware.card.pcsc import PcscLink, PcscSlot
from hardware.card.session import read_member_files
from hardware.errors import DeviceError
from server_stub.services.cards.personalisation import Personalisation
from server_stub.services.cards.visiting import authenticate_for_visit
from tests.bench.measurement import Measurement, bench
from tests.support.pcscd import CardBench, card_bench
from tests.support.torn_card import GENERATION, KEYS, SIGNER, KeyRole, converse, order

READER = "Virtual PCD 00 00"
_ROUNDS = 5
_PINGS = 500
# Debian's vpcd sends length and body apart; without an acknowledgement after each arrival this is what one command takes.
_DELAYED_ACK_US = 44_000


def _open(limit_s: float = 5.0) -> PcscLink:
    deadline = time.monotonic() + limit_s
    while True:
        try:
            return PcscSlot().open(READER)
        except DeviceError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.01)


def _ms_since(start: float) -> float:
    return 1000 * (time.perf_counter() - start)


def _personalise(link: CardLink, uid: bytes) -> None:
    ended = converse(Personalisation(order(uid=uid), KEYS, SIGNER.public_keys).run(), link)
    if not ended.is_done:
        raise RuntimeError(f"not personalised: {ended}")


def _read(link: CardLink, uid: bytes) -> float:
    """Read as a visit does; returns the milliseconds up to the first file."""
    start = time.perf_counter()
    ended = converse(authenticate_for_visit(KEYS.key(GENERATION, KeyRole.READ, uid), GENERATION), link)
    identified = _ms_since(start)
    read_member_files(link, SecureSession(ended.result))
    return identified


def _cards(running: CardBench) -> Iterator[Measurement]:
    writing, reading, commands = [], [], {}
    for number in range(_ROUNDS):
        name = f"card-{number}"
        uid = running.control.insert(name)
        with _open() as link:
            start = time.perf_counter()
            _personalise(link, uid)
            writing.append(_ms_since(start))
        commands["personalise"] = running.control.commands(name)
        with _open() as link:
            start = time.perf_counter()
            _read(link, uid)
            reading.append(_ms_since(start))
        commands["read"] = running.control.commands(name) - commands["personalise"]
    note = "baseline: libraries that ask for the file's settings first"
    yield Measurement("card.identify_commands", commands["read"] - 1, "APDUs", goal=4, baseline=5, note=note)
    yield Measurement("card.read_commands", commands["read"], "APDUs", goal=5)
    yield Measurement("card.personalise_commands", commands["personalise"], "APDUs", goal=35)
    kind = f"median of {_ROUNDS}, 106 kbit/s and times of the chip simulated"
    yield Measurement("card.read_time", statistics.median(reading), "ms", goal=110, note=kind)
    yield Measurement("card.personalise_time", statistics.median(writing), "ms", goal=800, note=kind)


def _round_trip(running: CardBench) -> Iterator[Measurement]:
    running.control.ask(do="speed", kbit_per_s=0)
    running.control.insert("ping")
    taken = []
    with _open() as link:
        for _ in range(_PINGS):
            start = time.perf_counter()
            link.transmit(bytes.fromhex("906a000000"))
            taken.append(1000 * _ms_since(start))
    note = f"median of {_PINGS}; baseline: without acknowledging at once"
    yield Measurement("card.round_trip", statistics.median(taken), "us", goal=1000, baseline=_DELAYED_ACK_US, note=note)


def _restart(running: CardBench) -> Iterator[Measurement]:
    taken = []
    for _ in range(_ROUNDS):
        running.pcscd.kill()
        start = time.perf_counter()
        running.pcscd.start()
        _open().close()
        taken.append(_ms_since(start))
    yield Measurement("card.service_restart", max(taken), "ms", goal=1500, note=f"worst of {_ROUNDS}, killed daemon to open card")


@bench(seconds=20)
def bench_card() -> Iterator[Measurement]:
    """Commands and times of cards over real PC/SC."""
    with card_bench(speed_kbit_per_s=106) as running:
        yield from _cards(running)
        yield from _round_trip(running)
        yield from _restart(running)
