"""What counts as a sign of life, and what does not: only the kiosk's own retries let idle time go on (F17)."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from kiosk.flows.feedback.state import PrintFeedbackSlip
from kiosk.flows.home.state import Attract, Started
from kiosk.flows.issue_card.state import ActivationUncertain, Interrupted, PrintMembershipSlip, WriteCard
from kiosk.flows.places import ToMember
from kiosk.flows.points.flow import POINTS
from kiosk.flows.points.state import PrintStatement, StatementReady
from kiosk.flows.register.state import PrintReceipt, SubmitUncertain
from kiosk.flows.rewards import spending
from kiosk.flows.rewards.effects import PrintRedemption, UpdateCard
from kiosk.flows.rewards.flow import REWARDS
from kiosk.flows.rewards.state import CancellingRedeem, Choosing, NothingSpent, Redeeming, RedeemUncertain, RedemptionShown
from kiosk.flows.sign_in.state import ReadCard
from kiosk.flows.slips import PrintDeed
from kiosk.flows.step import CardRemoved, Continued, RetryChosen
from kiosk.ports.devices import ReaderState
from kiosk.ports.display import ConfirmEnd, NeedMoreTime, TakeCard
from kiosk.ports.errors import Refused, Unreachable
from kiosk.ports.values import Language, Reason, StaffCall
from kiosk.session import idle
from kiosk.session.events import EndChosen, EndConfirmed, LanguageChosen, LargeTypeToggled, StaffCalled, StayChosen, VoiceToggled
from kiosk.session.idle import NEVER, IdleLimits, limits
from kiosk.session.performer import Performer
from tests.support.flow_samples import QUOTE, REDEMPTION, SAMPLES, VISITOR
from tests.unit.kiosk.session.test_session import CARD, Desk, World, running

WAIT_S = 0.4
RETRY_S = 0.01
SOON_S = 0.03


def short(state: Any, **given: bool) -> IdleLimits:
    """As the product's, and so much shorter that a test can wait for it."""
    wait_s = limits(state, **given).wait_s
    return NEVER if wait_s is None else IdleLimits(WAIT_S, WAIT_S)


class Counter(Desk):
    """A centre that is asked to spend; `answer` is what it says."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[Any] = []
        self.closed: list[Any] = []
        self.answer: Exception | None = Unreachable()
        self.gate = asyncio.Event()
        self.gate.set()

    async def redeem(self, request_id: Any, *_of: Any) -> Any:
        self.asked.append(request_id)
        await self.gate.wait()
        if self.answer is not None:
            raise self.answer
        return REDEMPTION

    async def cancel_request(self, request_id: Any) -> bool:
        self.closed.append(request_id)
        return False

    async def redemption_receipt(self, *_of: Any) -> Any:
        raise Unreachable()  # the page is shown without


async def seen(world: World, what: Any, within_s: float = 5) -> None:
    """Wait until `what` is so."""
    async with asyncio.timeout(within_s):
        while not what():
            await asyncio.sleep(0.002)
    await world.settle()


@pytest.fixture
def counter(monkeypatch: pytest.MonkeyPatch) -> Counter:
    """Let the session of a test ask this centre, and ask soon again by itself."""
    monkeypatch.setattr(spending, "FIND_OUT_S", RETRY_S)
    counter = Counter()
    monkeypatch.setattr("tests.unit.kiosk.session.test_session.Desk", lambda: counter)
    return counter


async def spends(world: World) -> None:
    """A member confirms a reward, and no answer comes."""
    world.session._flow = REWARDS
    world.session._state = replace(SAMPLES[Choosing], quote=replace(QUOTE, needs_code=False))
    await world.post(Continued())
    assert isinstance(world.session.state, RedeemUncertain)


async def test_f17_a_request_that_the_kiosk_repeats_by_itself_does_not_keep_the_visit_open(counter: Counter) -> None:
    async with running(short) as world:
        await spends(world)
        await seen(world, lambda: isinstance(world.screen.now.overlay, NeedMoreTime))
        asked = len(counter.asked)
        assert asked > 2, "it was repeated meanwhile"
        await seen(world, lambda: isinstance(world.session.state, Attract))
        assert len(counter.asked) > asked
        assert len(set(counter.asked)) == 1


async def test_f17_a_member_who_asks_again_has_the_whole_time_anew(counter: Counter) -> None:
    async with running(short) as world:
        await spends(world)
        await seen(world, lambda: isinstance(world.screen.now.overlay, NeedMoreTime))
        before = world.session._timers._waits["idle"].when()
        await world.post(RetryChosen())
        await seen(world, lambda: isinstance(world.session.state, RedeemUncertain))
        assert world.screen.now.overlay is None
        assert world.session._timers._waits["idle"].when() > before


async def test_what_was_spent_is_shown_without_the_question_that_stood_there(counter: Counter) -> None:
    async with running(short) as world:
        await spends(world)
        await seen(world, lambda: isinstance(world.screen.now.overlay, NeedMoreTime))
        counter.answer = None
        await seen(world, lambda: isinstance(world.session.state, RedemptionShown))
        assert world.screen.now.overlay is None


async def test_who_asks_again_while_the_kiosk_asks_waits_for_that_answer(counter: Counter) -> None:
    async with running(short) as world:
        await spends(world)
        counter.gate.clear()
        await seen(world, lambda: world.session.state.is_asked)
        asked = len(counter.asked)
        await world.post(RetryChosen())
        assert isinstance(world.session.state, Redeeming)
        assert len(counter.asked) == asked
        counter.answer = None
        counter.gate.set()
        await seen(world, lambda: isinstance(world.session.state, RedemptionShown))


async def test_who_gives_up_while_the_kiosk_asks_has_the_request_closed_after_that(counter: Counter) -> None:
    async with running(short) as world:
        await spends(world)
        counter.gate.clear()
        await seen(world, lambda: world.session.state.is_asked)
        await world.post(Continued())
        assert isinstance(world.session.state, CancellingRedeem)
        assert not counter.closed
        counter.gate.set()
        await seen(world, lambda: isinstance(world.session.state, NothingSpent))
        assert counter.closed == counter.asked[:1]


async def test_a_request_that_was_closed_is_never_made_again_by_the_kiosk_itself(counter: Counter) -> None:
    async with running(short) as world:
        await spends(world)
        counter.answer = Refused(Reason("REQUEST_CANCELLED"))
        await seen(world, lambda: isinstance(world.session.state, NothingSpent))
        assert len(set(counter.asked)) == 1


@pytest.mark.parametrize("state", [RedeemUncertain, SubmitUncertain, ActivationUncertain, Interrupted], ids=lambda state: state.__name__)
async def test_ending_where_it_is_not_known_what_became_of_a_wish_asks_first(state: type) -> None:
    async with running() as world:
        world.session._state = SAMPLES[state]
        await world.post(EndChosen())
        assert world.screen.now.overlay == ConfirmEnd()
        await world.post(StayChosen())
        assert isinstance(world.session.state, state)


# Named one by one: whoever takes one of them out of the product has to take it out here as well.
DEVICE_WORK = (
    PrintReceipt,
    PrintMembershipSlip,
    PrintFeedbackSlip,
    PrintStatement,
    PrintRedemption,
    PrintDeed,
    WriteCard,
    UpdateCard,
    ReadCard,
)


@pytest.mark.parametrize("effect", DEVICE_WORK, ids=lambda effect: effect.__name__)
async def test_f17_nobody_is_asked_or_sent_away_while_a_device_works_and_its_end_is_a_sign_of_life(
    effect: type, monkeypatch: pytest.MonkeyPatch
) -> None:
    is_done = asyncio.Event()

    async def works(*_of: Any) -> Any:
        await is_done.wait()
        return CardRemoved()

    monkeypatch.setattr(Performer, "perform", works)
    async with running(lambda _state, **_: IdleLimits(SOON_S, 60)) as world:
        world.session._flow, world.session._state = POINTS, SAMPLES[StatementReady]
        world.session._perform(object.__new__(effect))
        world.session._restart_idle()
        await asyncio.sleep(4 * SOON_S)
        assert world.screen.now.overlay is None
        world.session._overlay = NeedMoreTime(20)
        is_done.set()
        await world.settle()
        assert world.screen.now.overlay is None
        await seen(world, lambda: isinstance(world.screen.now.overlay, NeedMoreTime))


def test_f17_no_other_effect_is_the_work_of_a_device() -> None:
    assert {effect.__name__ for effect in DEVICE_WORK} == idle._DEVICE_WORK


@pytest.mark.parametrize("chosen", [VoiceToggled(), LargeTypeToggled(), LanguageChosen(Language.EN), StaffCalled()])
async def test_what_was_chosen_before_the_first_touch_is_not_left_to_the_next_person(chosen: Any) -> None:
    async with running(short) as world:
        found = world.screen.now.chrome
        await world.post(chosen)
        assert isinstance(world.session.state, Attract)
        assert world.screen.now.chrome != found
        await seen(world, lambda: world.screen.now.chrome == found)
        # Nor does an answer of the staff come to somebody who is gone.
        await world.settle()
        assert world.screen.now.chrome == found


async def test_who_left_a_card_is_spoken_to_in_their_way_for_as_long_as_it_takes() -> None:
    async with running(short) as world:
        await world.post(Started(), LargeTypeToggled())
        world.reader.state = ReaderState(CARD)
        await world.post(EndChosen())
        await asyncio.sleep(2 * WAIT_S)
        assert (world.screen.now.overlay, world.screen.now.chrome.is_large) == (TakeCard(), True)
        answer = asyncio.Event()

        async def staff_call(_call_id: str) -> StaffCall:
            await answer.wait()
            return StaffCall.ANSWERED

        world.desk.staff_call = staff_call  # type: ignore[method-assign]
        await world.post(StaffCalled())
        await asyncio.sleep(SOON_S)
        assert world.screen.now.chrome.staff_call is StaffCall.WAITING
        world.reader.lay(ReaderState())
        await world.settle()
        # It is for whoever has gone with the card.
        answer.set()
        await asyncio.sleep(SOON_S)
        assert world.screen.now.chrome.staff_call is StaffCall.NONE


async def test_f17_what_the_centre_answers_is_no_sign_of_life(counter: Counter) -> None:
    async with running(short) as world:
        await spends(world)
        before = world.session._timers._waits["idle"].when()
        await seen(world, lambda: len(counter.asked) > 2)
        assert world.session._timers._waits["idle"].when() == before


@pytest.mark.parametrize("ways", [(EndConfirmed(),), (EndChosen(), EndConfirmed())], ids=["confirmed", "chosen"])
async def test_a_visit_that_its_member_ended_goes_on_nowhere(ways: tuple[Any, ...]) -> None:
    async with running() as world:
        world.session._go(ToMember(VISITOR))
        await world.settle()
        assert world.session._visits.page
        await world.post(*ways)
        assert world.desk.ended == [VISITOR.visit_token], "no page is handed over"
