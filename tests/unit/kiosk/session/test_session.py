"""The session around the journeys: idle time, ending, the card that is still there, wiping, late answers."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import gc
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from hardware.errors import NoCard
from kiosk.flows.home.state import Attract, Faulted, Journey, JourneyChosen, Menu, OutOfService, ServiceLost, ServiceRestored, Started
from kiosk.flows.issue_card.state import CardIssued
from kiosk.flows.lost.state import CardTurnedIn, FoundChosen
from kiosk.flows.member.state import LoadingMember, MemberHome
from kiosk.flows.places import ToIssueCard, ToMember, ToRegister
from kiosk.flows.register.state import (
    AgeBandChosen,
    AskingAgeBand,
    Consenting,
    ConsentToggled,
    LoadingNotice,
    Reviewing,
    Submitting,
    SubmitUncertain,
)
from kiosk.flows.sign_in.state import NotIdentified, ReadingCard
from kiosk.flows.step import Back, Continued
from kiosk.ports.devices import ReaderState
from kiosk.ports.display import ConfirmEnd, NeedMoreTime, TakeCard, View
from kiosk.ports.errors import JournalDamaged, Refused, Unreachable
from kiosk.ports.feedback import Case, CaseKey
from kiosk.ports.values import AgeBand, Draft, Language, LeftVisit, MemberCode, Reason, RequestId, StaffCall, Visitor
from kiosk.session.campaign_effects import CampaignParts
from kiosk.session.events import EndChosen, EndConfirmed, LanguageChosen, LargeTypeToggled, StaffCalled, StayChosen, Touched
from kiosk.session.idle import FORM, NEVER, USUAL, IdleLimits, limits
from kiosk.session.inner_events import ReaderChanged
from kiosk.session.intents import Intents
from kiosk.session.performer import Outside, Performer
from kiosk.session.session import MOST_WAITING, Collaborators, Session
from kiosk.session.staff_calls import StaffCalls
from tests.support.flow_samples import CARD, CASE, DRAFT, ISSUED, MEMBERSHIP, NOTICE, OWN_CARD, SAMPLES, VISITOR

CANARY = "欧阳小满的表"


class Screen:
    """A display that remembers."""

    def __init__(self) -> None:
        self.views: list[View] = []
        self.wipes = 0
        self.cannot_draw: tuple[type, ...] = ()

    def show(self, view: View) -> None:
        if isinstance(view.state, self.cannot_draw):
            raise KeyError("no such text")
        self.views.append(view)

    def wipe(self) -> None:
        self.wipes += 1

    def on_event(self, send: Any) -> None:
        self.send = send

    @property
    def now(self) -> View:
        return self.views[-1]


class Reader:
    """A reader whose card is laid and taken by the test."""

    def __init__(self) -> None:
        self.state = ReaderState()

    def watch(self, on_change: Any) -> None:
        self.on_change = on_change

    def look(self) -> ReaderState:
        return self.state

    def lay(self, state: ReaderState) -> None:
        self.state = state
        self.on_change(state)

    async def release(self) -> None:
        return None


@dataclass
class Desk:
    """A centre that answers what the test says."""

    notice_gate: asyncio.Event = field(default_factory=asyncio.Event)
    before_notice: list[Any] = field(default_factory=list)
    given_up: list[AgeBand] = field(default_factory=list)
    submit_error: type[Exception] | None = None
    submitted: list[RequestId] = field(default_factory=list)
    visit_error: Exception | None = None
    hotlist: dict[bytes, str] = field(default_factory=dict)
    turned_in: list[bytes] = field(default_factory=list)
    ended: list[str] = field(default_factory=list)
    idle: list[str] = field(default_factory=list)
    faults: list[Reason] = field(default_factory=list)
    notice_error: Exception | None = None
    staff_error: Exception | None = None
    nobody_comes: bool = False
    code_error: Exception | None = None
    shown: list[str] = field(default_factory=list)
    left: LeftVisit = field(default_factory=lambda: LeftVisit(VISITOR, "coupons"))

    async def notice(self, language: Language, age_band: AgeBand) -> Any:
        if self.notice_error is not None:
            raise self.notice_error
        gate = self.notice_gate
        try:
            await gate.wait()
        except asyncio.CancelledError:
            self.given_up.append(age_band)
            raise
        for act in self.before_notice:
            act()
        return replace(NOTICE, version=f"for {age_band}")

    async def submit(self, request_id: RequestId, _draft: Draft, _language: Language) -> Any:
        self.submitted.append(request_id)
        if self.submit_error is not None:
            raise self.submit_error
        await asyncio.Event().wait()

    async def case(self, _key: CaseKey) -> Case:
        return CASE

    async def begin_visit(self, _card: Any) -> Any:
        raise self.visit_error or Unreachable()

    async def membership(self, _token: str) -> Any:
        return MEMBERSHIP

    async def catalogue(self, _token: str, _language: Language) -> Any:
        raise Unreachable

    async def birthday_gift(self, _token: str) -> Any:
        raise Unreachable()  # the home is shown without

    async def own_card(self, _token: str) -> Any:
        return OWN_CARD

    async def turn_in(self, _request_id: Any, uid: bytes) -> None:
        self.turned_in.append(uid)

    def lost_on(self, uid: bytes) -> str:
        return self.hotlist.get(uid, "")

    async def identify_by_code(self, text: str) -> Visitor:
        self.shown.append(text)
        if self.code_error is not None:
            raise self.code_error
        return Visitor("visit", "欧阳**")

    async def use_receipt(self, _request_id: RequestId, _text: str) -> LeftVisit:
        return self.left

    async def make_code(self, _token: str) -> MemberCode:
        return MemberCode("HM1:OWN", 30)

    async def call_staff(self, _request_id: Any, screen: str, _language: Language) -> str:
        if self.staff_error is not None:
            raise self.staff_error
        self.screen = screen
        return "call"

    async def staff_call(self, _call_id: str) -> StaffCall:
        if self.nobody_comes:
            await asyncio.Event().wait()
        return StaffCall.ANSWERED


class Scanner:
    """A camera that tells what a test shows."""

    def __init__(self) -> None:
        self.is_on = False
        self.show: Any = None
        self.lose: Any = None

    def watch(self, on_code: Any, on_lost: Any) -> None:
        self.show, self.lose = on_code, on_lost

    def want(self, *, wanted: bool) -> None:
        self.is_on = wanted


class Ids:
    def __init__(self) -> None:
        self.made = 0

    def new(self) -> RequestId:
        self.made += 1
        return RequestId(f"id-{self.made}")


@dataclass
class World:
    session: Session
    screen: Screen
    reader: Reader
    desk: Desk
    scanner: Scanner

    async def post(self, *events: Any) -> None:
        for event in events:
            self.session.post(event)
        await self.settle()

    async def settle(self) -> None:
        for _ in range(8):
            await asyncio.sleep(0)


@contextlib.asynccontextmanager
async def running(idle: Any = limits, printer: Any = None) -> AsyncIterator[World]:
    screen, reader, desk, intents, scanner = Screen(), Reader(), Desk(), Intents(Ids()), Scanner()
    outside = Outside(desk, desk, desk, reader, printer, *(desk,) * 9, CampaignParts(desk, tuple, frozenset))
    with_ = Collaborators(
        display=screen,
        performer=Performer(outside, intents),
        intents=intents,
        reader=reader,
        staff_calls=StaffCalls(desk, Ids(), ask_every_s=0),
        end_visit=lambda token, page: desk.ended.append(f"{token} {page}".strip()),
        on_idle=lambda: desk.idle.append("idle"),
        on_fault=desk.faults.append,
        scanner=scanner,
    )
    session = Session(with_, idle)
    task = asyncio.create_task(session.run())
    world = World(session, screen, reader, desk, scanner)
    await world.settle()
    try:
        yield world
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
        await world.settle()


async def test_an_answer_to_the_customer_before_does_not_reach_the_one_who_waits_for_the_same() -> None:
    async with running() as world:
        await world.post(Started(), JourneyChosen(Journey.JOIN), AgeBandChosen(AgeBand.ADULT))
        firsts, seconds = world.desk.notice_gate, asyncio.Event()

        def change_of_customers() -> None:
            # The answer to the first is on its way when the first leaves and a second asks for the same.
            world.desk.notice_gate = seconds
            world.desk.before_notice.clear()
            for event in (EndConfirmed(), Started(), JourneyChosen(Journey.JOIN), AgeBandChosen(AgeBand.FROM_14_TO_17)):
                world.session.post(event)

        world.desk.before_notice.append(change_of_customers)
        firsts.set()
        await world.settle()
        assert world.session.state == LoadingNotice(Draft(AgeBand.FROM_14_TO_17))
        seconds.set()
        await world.settle()
        assert isinstance(world.session.state, Consenting)
        assert world.session.state.notice.version == "for 14_to_17"


async def test_what_a_customer_who_left_was_waiting_for_is_given_up() -> None:
    async with running() as world:
        await world.post(Started(), JourneyChosen(Journey.JOIN), AgeBandChosen(AgeBand.ADULT))
        assert isinstance(world.session.state, LoadingNotice)
        await world.post(EndConfirmed())
        assert world.desk.given_up == [AgeBand.ADULT]


async def sends_a_form(world: World) -> None:
    """A member stands at the last page of the form, and sends it."""
    world.session._go(ToRegister())
    world.session._state = Reviewing(replace(DRAFT, name=CANARY))
    await world.post(Continued())


def forms_that_are_left() -> list[Draft]:
    """Drafts of the member in this process's memory; what is unreachable does not count."""
    gc.collect()
    # type(), not isinstance: dead weak proxies of other tests answer the question for their class with an error.
    return [held for held in gc.get_objects() if type(held) is Draft and held.name == CANARY]


@pytest.mark.parametrize("error", [None, Unreachable], ids=["still under way", "no answer"])
async def test_a_submission_without_an_answer_leaves_neither_form_nor_request_id_to_the_next(error: type[Exception] | None) -> None:
    async with running() as world:
        world.desk.submit_error = error
        await sends_a_form(world)
        assert isinstance(world.session.state, SubmitUncertain if error else Submitting)
        assert forms_that_are_left()
        await world.post(EndChosen(), EndConfirmed())
        assert isinstance(world.session.state, Attract)
        world.screen.views.clear()
        assert not forms_that_are_left()
        await sends_a_form(world)
        assert world.desk.submitted == [RequestId("id-1"), RequestId("id-2")]


async def test_ending_where_something_is_under_way_asks_first() -> None:
    async with running() as world:
        world.desk.notice_gate.set()
        await world.post(Started(), JourneyChosen(Journey.JOIN), AgeBandChosen(AgeBand.ADULT))
        assert isinstance(world.session.state, Consenting)
        await world.post(EndChosen())
        assert world.screen.now.overlay == ConfirmEnd()
        await world.post(StayChosen())
        assert world.screen.now.overlay is None
        assert isinstance(world.session.state, Consenting)
        await world.post(EndChosen(), EndConfirmed())
        assert isinstance(world.session.state, Attract)


async def test_ending_wipes_and_sets_language_and_size_back() -> None:
    async with running() as world:
        await world.post(Started(), LanguageChosen(Language.EN), LargeTypeToggled())
        assert (world.screen.now.chrome.language, world.screen.now.chrome.is_large) == (Language.EN, True)
        wipes = world.screen.wipes
        await world.post(EndChosen())
        assert world.screen.wipes > wipes
        assert (world.screen.now.chrome.language, world.screen.now.chrome.is_large) == (Language.ZH_HANS, False)


async def test_a_card_left_on_the_reader_is_never_passed_over_in_silence() -> None:
    async with running() as world:
        await world.post(Started())
        world.reader.state = ReaderState(CARD)
        await world.post(EndChosen())
        assert world.screen.now.overlay == TakeCard()
        assert isinstance(world.session.state, Attract)
        world.reader.lay(ReaderState())
        await world.settle()
        assert world.screen.now.overlay is None


async def test_a_card_on_the_attract_screen_is_read_at_once() -> None:
    async with running() as world:
        world.desk.visit_error = Refused(Reason("CARD_BLOCKED"))
        world.reader.lay(ReaderState(CARD))
        await world.settle()
        assert world.session.state == NotIdentified(Reason("CARD_BLOCKED"), by_card=True)


async def test_without_the_centre_a_card_on_the_hotlist_says_that_it_is_lost_and_another_one_that_nobody_answers() -> None:
    async with running() as world:
        world.desk.visit_error = Unreachable()
        world.desk.hotlist[CARD.uid] = "2026-11-25"
        world.reader.lay(ReaderState(CARD))
        await world.settle()
        assert world.session.state == NotIdentified(Reason("CARD_LOST"), by_card=True, on_day="2026-11-25")
        world.reader.lay(ReaderState())
        world.reader.lay(ReaderState(replace(CARD, uid=bytes(7))))
        await world.settle()
        assert world.session.state == NotIdentified(Reason("UNREACHABLE"), by_card=True)


async def test_with_the_centre_the_hotlist_is_not_asked() -> None:
    async with running() as world:
        world.desk.visit_error = Refused(Reason("CARD_EXPIRED"))
        world.desk.hotlist[CARD.uid] = "2026-11-25"
        world.reader.lay(ReaderState(CARD))
        await world.settle()
        assert world.session.state == NotIdentified(Reason("CARD_EXPIRED"), by_card=True)


async def test_who_hands_in_a_lost_card_has_staff_called() -> None:
    async with running() as world:
        world.desk.visit_error = Refused(Reason("CARD_LOST"), on_day="2026-11-25")
        world.reader.lay(ReaderState(CARD))
        await world.settle()
        await world.post(FoundChosen())
        await world.post(Continued())
        assert world.desk.turned_in == [CARD.uid]
        assert isinstance(world.session.state, CardTurnedIn)
        assert world.desk.screen == "lost.CardTurnedIn"
        assert world.screen.now.chrome.staff_call is not StaffCall.NONE


async def test_two_cards_are_said_so() -> None:
    async with running() as world:
        await world.post(Started(), JourneyChosen(Journey.SIGN_IN))
        world.reader.lay(ReaderState(trouble=Reason("CARD_SEVERAL")))
        await world.settle()
        assert world.session.state == NotIdentified(Reason("CARD_SEVERAL"), by_card=True)


async def test_idle_time_warns_and_then_ends() -> None:
    def short(state: Any, **_: Any) -> IdleLimits:
        return NEVER if isinstance(state, Attract) else IdleLimits(0.02, 0.03)

    async with running(short) as world:
        await world.post(Started())
        await asyncio.sleep(0.03)
        assert isinstance(world.screen.now.overlay, NeedMoreTime)
        await world.post(StayChosen())
        assert world.screen.now.overlay is None
        await asyncio.sleep(0.08)
        assert isinstance(world.session.state, Attract)


async def test_a_touch_takes_the_warning_away() -> None:
    def short(state: Any, **_: Any) -> IdleLimits:
        return NEVER if isinstance(state, Attract) else IdleLimits(0.02, 5)

    async with running(short) as world:
        await world.post(Started())
        await asyncio.sleep(0.03)
        await world.post(Touched())
        assert world.screen.now.overlay is None
        assert isinstance(world.session.state, Menu)


async def test_a_card_laid_down_or_taken_is_a_sign_of_life_as_a_touch_is() -> None:
    def short(state: Any, **_: Any) -> IdleLimits:
        return NEVER if isinstance(state, Attract) else IdleLimits(0.02, 5)

    async with running(short) as world:
        await world.post(Started(), JourneyChosen(Journey.JOIN))
        for seen in (ReaderState(CARD), ReaderState()):
            await asyncio.sleep(0.04)
            assert isinstance(world.screen.now.overlay, NeedMoreTime)
            world.reader.lay(seen)
            await world.settle()
            assert world.screen.now.overlay is None
        assert isinstance(world.session.state, AskingAgeBand)


FAULTS = [
    (JournalDamaged("disk full"), Reason("JOURNAL_DAMAGED")),
    (OSError(errno.ENOSPC, "No space left on device"), Reason("JOURNAL_DAMAGED")),
    (NoCard("a device's error that its desk let through"), Reason("NO_CARD")),
    (ZeroDivisionError("a mistake of ours"), Reason("PROGRAM")),
]


@pytest.mark.parametrize(("error", "reason"), FAULTS, ids=[type(error).__name__ for error, _ in FAULTS])
async def test_a_fault_of_our_own_is_said_in_the_members_language_and_leaves_nothing(error: Exception, reason: Reason) -> None:
    async with running() as world:
        world.desk.notice_error = error
        await world.post(Started(), LanguageChosen(Language.EN), JourneyChosen(Journey.JOIN))
        wipes = world.screen.wipes
        await world.post(AgeBandChosen(AgeBand.ADULT))
        assert world.session.state == Faulted(reason)
        assert world.screen.now.chrome.language is Language.EN
        assert world.screen.wipes > wipes
        assert world.desk.faults == [reason]
        await world.post(Continued())
        assert isinstance(world.session.state, Menu)
        assert world.screen.now.chrome.language is Language.EN


async def test_after_a_fault_that_takes_the_kiosk_out_of_service_there_is_no_menu(caplog: pytest.LogCaptureFixture) -> None:
    async with running() as world:
        world.desk.notice_error = JournalDamaged("disk full")
        await world.post(Started(), LanguageChosen(Language.EN), JourneyChosen(Journey.JOIN), AgeBandChosen(AgeBand.ADULT))
        await world.post(ServiceLost(Reason("JOURNAL_DAMAGED")))
        assert world.session.state == Faulted(Reason("JOURNAL_DAMAGED"))
        await world.post(Continued())
        assert world.session.state == OutOfService(Reason("JOURNAL_DAMAGED"))
        assert world.screen.now.chrome.language is Language.ZH_HANS
        assert world.desk.idle == ["idle"]
        assert "JournalDamaged" in caplog.text


async def test_a_fault_after_its_customer_has_left_does_not_disturb_the_next() -> None:
    async with running() as world:
        await world.post(Started(), JourneyChosen(Journey.JOIN), AgeBandChosen(AgeBand.ADULT))

        def leaves_and_fails() -> None:
            for event in (EndConfirmed(), Started(), JourneyChosen(Journey.JOIN)):
                world.session.post(event)
            raise ZeroDivisionError("too late")

        world.desk.before_notice.append(leaves_and_fails)
        world.desk.notice_gate.set()
        await world.settle()
        assert isinstance(world.session.state, AskingAgeBand)


@pytest.mark.parametrize("way_out", [EndChosen(), Back()], ids=["end", "back to the menu"])
async def test_a_kiosk_that_cannot_serve_lets_who_is_here_end_and_nobody_begin(way_out: Any) -> None:
    async with running() as world:
        await world.post(Started(), JourneyChosen(Journey.JOIN), ServiceLost(Reason("JOURNAL_DAMAGED")))
        assert isinstance(world.session.state, AskingAgeBand)
        await world.post(way_out)
        assert world.session.state == OutOfService(Reason("JOURNAL_DAMAGED"))
        await world.post(Started(), EndChosen())
        assert world.session.state == OutOfService(Reason("JOURNAL_DAMAGED"))
        await world.post(ServiceRestored())
        assert isinstance(world.session.state, Attract)


async def test_staff_that_a_damaged_journal_keeps_from_being_called_are_said_to_be_unreachable() -> None:
    async with running() as world:
        world.desk.staff_error = JournalDamaged("disk full")
        await world.post(Started(), StaffCalled())
        assert world.screen.now.chrome.staff_call is StaffCall.UNREACHABLE


async def test_leaving_the_own_page_ends_the_visit_at_the_centre() -> None:
    async with running() as world:
        world.session._go(ToMember(VISITOR))
        await world.settle()
        assert isinstance(world.session.state, MemberHome)
        await world.post(Back())
        assert world.desk.ended == [VISITOR.visit_token]
        assert isinstance(world.session.state, Menu)


async def test_a_visit_is_ended_also_from_the_page_of_a_new_card_which_holds_nothing_of_it() -> None:
    async with running() as world:
        world.session._go(ToMember(VISITOR))
        await world.settle()
        world.session._go(ToIssueCard("grant"))
        await world.post(EndChosen())
        assert (world.desk.ended, type(world.session.state)) == ([VISITOR.visit_token], Attract)
        await world.post(Started(), EndChosen())
        assert world.desk.ended == [VISITOR.visit_token], "it is forgotten"


async def test_going_back_out_of_the_menu_ends_the_session_as_every_other_way_does() -> None:
    async with running() as world:
        await world.post(Started(), Back())
        assert isinstance(world.session.state, Attract)
        assert world.desk.idle == ["idle"]


async def test_calling_staff_names_the_screen_and_shows_that_somebody_comes() -> None:
    async with running() as world:
        await world.post(Started(), JourneyChosen(Journey.JOIN), StaffCalled())
        await asyncio.sleep(0.01)
        assert world.desk.screen == "register.AskingAgeBand"
        assert world.screen.now.chrome.staff_call is StaffCall.ANSWERED


async def test_the_next_customer_hears_nothing_of_the_last_ones_call() -> None:
    async with running() as world:
        world.desk.nobody_comes = True
        await world.post(Started(), JourneyChosen(Journey.JOIN), StaffCalled())
        await asyncio.sleep(0.01)
        assert world.screen.now.chrome.staff_call is StaffCall.WAITING
        await world.post(EndChosen(), EndConfirmed(), Started())
        assert world.screen.now.chrome.staff_call is StaffCall.NONE
        world.desk.nobody_comes = False
        await world.post(StaffCalled())
        await asyncio.sleep(0.01)
        assert world.desk.screen == "home.Menu", "the own call is made, although the last one was not answered"


async def test_too_many_touches_are_dropped_and_no_answer_of_the_centre_is() -> None:
    async with running() as world:
        await world.post(Started(), JourneyChosen(Journey.JOIN), AgeBandChosen(AgeBand.ADULT))
        for _ in range(2 * MOST_WAITING):
            world.screen.send(LargeTypeToggled())
        world.desk.notice_gate.set()
        world.session.post(ReaderChanged(ReaderState()))
        assert world.session.waiting == MOST_WAITING + 1
        await world.settle()
        assert isinstance(world.session.state, Consenting)


async def test_choices_on_the_way_are_kept() -> None:
    async with running() as world:
        world.desk.notice_gate.set()
        await world.post(Started(), JourneyChosen(Journey.JOIN), AgeBandChosen(AgeBand.ADULT))
        await world.post(ConsentToggled("membership"))
        assert world.session.state.draft.consents == {"membership"}


def test_equal_effects_keep_one_request_id_until_the_journey_is_over() -> None:
    intents = Intents(Ids())
    first = intents.id_of(ISSUED)
    assert intents.id_of(ISSUED) == first
    intents.forget()
    assert intents.id_of(ISSUED) != first


@pytest.mark.parametrize(
    ("state", "expected"), [(Attract, NEVER), (ReadingCard, NEVER), (Consenting, FORM), (AskingAgeBand, USUAL), (LoadingMember, USUAL)]
)
def test_idle_limits_by_state(state: type, expected: IdleLimits) -> None:
    assert limits(SAMPLES[state], is_large=False) == expected


def test_large_type_has_twice_the_time_and_the_done_page_asks_nothing() -> None:
    assert limits(SAMPLES[Consenting], is_large=True) == IdleLimits(180, 40)
    assert limits(SAMPLES[CardIssued], is_large=False) == IdleLimits(15, 0)
