"""What only real PC/SC can show: daemon restarts, exclusive access, broken answers, foreign kinds of card."""

from __future__ import annotations

import pytest

from hardware.card.api import Command, Outcome, SlotState
from hardware.card.pcsc import PcscSlot
from hardware.errors import CardReset, Mute, NoCard, ReaderBusy, Removed, ServiceDown
from hardware.health import HealthState
from tests.contract.card.hands import VirtualHands
from tests.contract.card.test_station import APPLICATIONS, VERSION, Seen

pytestmark = pytest.mark.emulator
READER = "Virtual PCD 00 00"


@pytest.fixture(params=["virtual"])
def hands(bench):
    bench.clear()
    yield VirtualHands(bench)
    bench.clear()


async def test_the_monitor_and_the_link_survive_a_killed_daemon(station, hands) -> None:
    seen = Seen(station)
    uid = hands.insert("a")
    await seen.card(uid)
    assert (await station.relay(uid, [VERSION])).fault is None
    hands.bench.pcscd.kill()
    relayed = await station.relay(uid, [APPLICATIONS])
    assert isinstance(relayed.fault, (ServiceDown, Removed, CardReset))
    assert relayed.outcome is Outcome.UNKNOWN
    await seen.until(lambda s: isinstance(s.trouble, ServiceDown))
    assert station.health().state is HealthState.GONE
    hands.bench.pcscd.start()
    await seen.card(uid)  # the card lies there all the time
    assert station.health().state is HealthState.OK
    await station.release()
    assert (await station.relay(uid, [APPLICATIONS])).responses[0][-2:] == b"\x91\x00"


async def test_an_orderly_restart_of_the_daemon_is_survived_too(station, hands) -> None:
    seen = Seen(station)
    uid = hands.insert("a")
    await seen.card(uid)
    hands.bench.pcscd.restart()
    await seen.until(lambda s: s.trouble is not None or s == SlotState())
    await seen.card(uid)
    assert (await station.relay(uid, [VERSION])).fault is None
    assert station.health().state is HealthState.OK


async def test_another_program_that_holds_the_card_makes_it_busy(station, hands) -> None:
    uid = hands.insert("a")
    await Seen(station).card(uid)
    with PcscSlot().open(READER):
        relayed = await station.relay(uid, [VERSION])
        assert isinstance(relayed.fault, ReaderBusy)
        assert relayed.outcome is Outcome.NOT_SENT
    assert (await station.relay(uid, [VERSION])).fault is None


async def test_three_hundred_links_leave_no_context_behind(station, hands) -> None:
    uid = hands.insert("a")
    await Seen(station).card(uid)
    for _ in range(300):
        assert (await station.relay(uid, [APPLICATIONS])).fault is None
        await station.release()


@pytest.mark.parametrize("length", [0, 2, 3])
async def test_an_answer_that_breaks_off_is_never_taken_for_success(station, hands, length) -> None:
    seen = Seen(station)
    uid = hands.insert("a")
    await seen.card(uid)
    hands.bench.control.tear("a", 0, "reply", length)
    relayed = await station.relay(uid, [Command(VERSION.apdu, (b"\x91\xaf", b"\x91\x00")), APPLICATIONS])
    assert relayed.fault is not None or relayed.responses[-1][-2:] not in (b"\x91\xaf", b"\x91\x00")
    await seen.nothing()


@pytest.mark.parametrize("kind", ["foreign", "mifare-classic", "desfire-ev1", "locked", "write-protected", "non-blank"])
async def test_every_kind_of_card_is_announced(station, hands, kind) -> None:
    uid = hands.insert(kind, kind)
    await Seen(station).card(uid)
    assert len(uid) == (4 if kind == "mifare-classic" else 7)


async def test_a_silent_card_times_out_and_its_removal_frees_the_reader(station, hands, monkeypatch) -> None:
    monkeypatch.setattr("hardware.card.station.BATCH_LIMIT_S", 0.3)
    seen = Seen(station)
    uid = hands.insert("silent", "mute")
    await seen.card(uid)
    relayed = await station.relay(uid, [VERSION])
    assert isinstance(relayed.fault, Mute)
    assert relayed.outcome is Outcome.UNKNOWN
    hands.remove()
    await seen.nothing()
    uid = hands.insert("a")
    await seen.card(uid)
    await station.release()
    assert (await station.relay(uid, [VERSION])).fault is None


def test_nothing_can_be_opened_where_nothing_lies(bench) -> None:
    bench.clear()
    with pytest.raises((NoCard, Removed)):
        PcscSlot().open(READER)
