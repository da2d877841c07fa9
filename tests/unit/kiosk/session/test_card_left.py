"""A visit that is over with something on the reader: it is asked for until it is taken, and only where there is a reader."""

from __future__ import annotations

import pytest

from hardware.errors import DeviceError, NoReader, ReaderGone, ServiceDown
from kiosk.flows.home.state import Attract, Started
from kiosk.ports.devices import ReaderState
from kiosk.ports.display import TakeCard
from kiosk.ports.values import Language, Reason
from kiosk.session.device_reasons import card_reason
from kiosk.session.events import EndChosen, LanguageChosen, LargeTypeToggled, VoiceToggled
from tests.unit.kiosk.session.test_session import CARD, running


async def test_two_cards_left_on_the_reader_are_both_asked_for() -> None:
    async with running() as world:
        await world.post(Started())
        world.reader.state = ReaderState(trouble=Reason("CARD_SEVERAL"))
        await world.post(EndChosen())
        assert world.screen.now.overlay == TakeCard()
        for left in (ReaderState(CARD), ReaderState(trouble=Reason("CARD_FOREIGN"))):
            world.reader.lay(left)
            await world.settle()
            assert (world.screen.now.overlay, type(world.session.state)) == (TakeCard(), Attract)
        world.reader.lay(ReaderState())
        await world.settle()
        assert world.screen.now.overlay is None


@pytest.mark.parametrize("gone", [(), (ReaderState(trouble=Reason("READER_GONE")),)])
async def test_a_card_that_lay_there_before_signs_nobody_in(gone: tuple[ReaderState, ...]) -> None:
    """After a restart, or when the reader comes back: the home of whoever left it stood open to everybody."""
    async with running() as world:
        if gone:
            await world.post(Started())
            world.reader.state = ReaderState(CARD)
            await world.post(EndChosen())
        for state in (*gone, ReaderState(CARD, was_there=True)):
            world.reader.lay(state)
            await world.settle()
        assert (world.screen.now.overlay, type(world.session.state)) == (TakeCard(), Attract)
        world.reader.lay(ReaderState())
        world.reader.lay(ReaderState(CARD))
        await world.settle()
        assert world.screen.now.overlay is None
        assert not isinstance(world.session.state, Attract)


@pytest.mark.parametrize("error", [NoReader("none"), ReaderGone("unplugged"), ServiceDown("no pcscd")])
async def test_nobody_is_asked_to_take_a_card_from_a_reader_that_is_not_there(error: DeviceError) -> None:
    trouble = card_reason(error)
    async with running() as world:
        await world.post(Started())
        world.reader.state = ReaderState(trouble=trouble)
        await world.post(EndChosen())
        assert world.screen.now.overlay is None
        world.reader.state = ReaderState(CARD)
        await world.post(Started(), EndChosen())
        assert world.screen.now.overlay == TakeCard()
        world.reader.lay(ReaderState(trouble=trouble))
        await world.settle()
        assert world.screen.now.overlay is None


async def test_who_left_a_card_is_spoken_to_in_the_language_of_the_visit_and_the_next_one_begins_as_everybody() -> None:
    async with running() as world:
        await world.post(Started(), LanguageChosen(Language.EN), LargeTypeToggled(), VoiceToggled())
        world.reader.state = ReaderState(CARD)
        await world.post(EndChosen())
        chrome = world.screen.now.chrome
        assert (chrome.language, chrome.is_large, chrome.is_voice_on) == (Language.EN, True, False)
        world.reader.lay(ReaderState())
        await world.settle()
        chrome = world.screen.now.chrome
        assert (chrome.language, chrome.is_large, chrome.is_voice_on) == (Language.ZH_HANS, False, False)


async def test_the_voice_is_off_again_after_every_visit() -> None:
    async with running() as world:
        await world.post(Started(), VoiceToggled())
        assert world.screen.now.chrome.is_voice_on
        await world.post(EndChosen())
        assert not world.screen.now.chrome.is_voice_on
