"""The card station's contract, on the simulated reader and on real PC/SC with the virtual card."""

from __future__ import annotations

import asyncio

import pytest

from hardware.card.api import Command, Outcome, SlotState
from hardware.card.station import CardStation
from hardware.errors import CardChanged, NoCard, ProtocolViolation, Removed, SeveralCards
from hardware.health import HealthState
from hardware.worker import DeviceWorker

VERSION = Command(bytes.fromhex("9060000000"), (b"\x91\xaf",))
APPLICATIONS = Command(bytes.fromhex("906a000000"), (b"\x91\x00",))


class Seen:
    """Collects states and waits for one."""

    def __init__(self, station) -> None:
        self.states: list[SlotState] = []
        self._changed = asyncio.Event()
        station.watch(self._add)

    def _add(self, state: SlotState) -> None:
        self.states.append(state)
        self._changed.set()

    async def until(self, wanted, timeout_s: float = 5.0) -> SlotState:
        async with asyncio.timeout(timeout_s):
            while not wanted(self.states[-1]):
                self._changed.clear()
                await self._changed.wait()
        return self.states[-1]

    async def card(self, uid: bytes) -> SlotState:
        return await self.until(lambda s: s.card is not None and s.card.uid == uid)

    async def nothing(self) -> SlotState:
        return await self.until(lambda s: s == SlotState())


async def test_a_card_that_lay_there_when_the_reader_came_into_sight_was_not_laid_just_now(hands, station) -> None:
    seen, uid = Seen(station), hands.insert("a")
    await seen.card(uid)
    hands.remove()
    await seen.nothing()
    hands.insert("a")
    assert not (await seen.card(uid)).was_there
    await station.close()
    anew = CardStation(*hands.driver(), DeviceWorker("card"), DeviceWorker("card-watch"))
    anew.start()
    try:
        assert (await Seen(anew).card(uid)).was_there
    finally:
        await anew.close()


async def test_nothing_on_the_reader_means_nothing_is_sent(station) -> None:
    await Seen(station).nothing()
    relayed = await station.relay(b"\x04" + bytes(6), [VERSION])
    assert isinstance(relayed.fault, NoCard)
    assert (relayed.responses, relayed.outcome) == ((), Outcome.NOT_SENT)


async def test_a_card_is_announced_with_its_uid_and_its_removal_too(station, hands) -> None:
    seen = Seen(station)
    uid = hands.insert("a")
    state = await seen.card(uid)
    assert state.card is not None
    assert state.card.atr.startswith(b"\x3b")
    hands.remove()
    await seen.nothing()
    assert station.look() == SlotState()
    assert station.health().state is HealthState.OK


async def test_another_card_gets_nothing(station, hands) -> None:
    seen = Seen(station)
    await seen.card(hands.insert("a"))
    relayed = await station.relay(bytes(7), [VERSION])
    assert isinstance(relayed.fault, CardChanged)
    assert relayed.outcome is Outcome.NOT_SENT


@pytest.mark.parametrize("apdu", ["", "90", "906000", "ffca000000", "00a40000023f00", "80ca000000"])
async def test_what_is_no_command_for_our_card_is_never_sent(station, hands, apdu) -> None:
    uid = hands.insert("a")
    await Seen(station).card(uid)
    relayed = await station.relay(uid, [Command(bytes.fromhex(apdu), (b"\x90\x00",))])
    assert isinstance(relayed.fault, ProtocolViolation)
    assert relayed.outcome is Outcome.NOT_SENT


async def test_a_batch_stops_at_a_status_that_does_not_let_it_go_on(station, hands) -> None:
    uid = hands.insert("a")
    await Seen(station).card(uid)
    relayed = await station.relay(uid, [VERSION, APPLICATIONS, Command(bytes.fromhex("90fe000000"), (b"\x91\x00",)), VERSION])
    assert [response[-2:].hex() for response in relayed.responses] == ["91af", "9100", "911c"]
    assert relayed.fault is None


async def test_a_card_that_is_pulled_ends_the_dialogue_until_it_is_released(station, hands) -> None:
    seen = Seen(station)
    uid = hands.insert("a")
    await seen.card(uid)
    assert (await station.relay(uid, [APPLICATIONS])).fault is None
    hands.pull_at_next_command("a")
    relayed = await station.relay(uid, [APPLICATIONS, VERSION])
    assert relayed.responses == ()
    assert isinstance(relayed.fault, Removed)
    assert relayed.outcome is Outcome.UNKNOWN
    await seen.nothing()
    hands.insert("a")
    await seen.card(uid)
    again = await station.relay(uid, [APPLICATIONS])
    assert isinstance(again.fault, Removed)
    assert again.outcome is Outcome.NOT_SENT
    await station.release()
    assert (await station.relay(uid, [APPLICATIONS])).responses[0][-2:] == b"\x91\x00"


async def test_two_cards_are_trouble_until_one_is_taken_away(station, hands) -> None:
    seen = Seen(station)
    hands.insert_two()
    state = await seen.until(lambda s: isinstance(s.trouble, SeveralCards))
    assert state.card is None
    hands.remove()
    await seen.nothing()


async def test_a_quick_swap_is_seen_as_removal_and_insertion(station, hands) -> None:
    seen = Seen(station)
    first = hands.insert("a")
    await seen.card(first)
    second = hands.insert("b")
    await seen.card(second)
    places = [s.card.uid if s.card else None for s in seen.states]
    assert places[-3:] == [first, None, second]
