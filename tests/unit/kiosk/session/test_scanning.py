"""The camera in the session: on while a screen wants it, what it sees, and where a visit was left."""

from __future__ import annotations

import asyncio

import pytest

from kiosk.flows.feedback.state import FollowUpChosen, ShowingCase
from kiosk.flows.home.state import Attract, Journey, JourneyChosen, Menu, Started
from kiosk.flows.member.errands import PLACES, Errand, page_of
from kiosk.flows.member.state import ErrandChosen, MemberHome
from kiosk.flows.rewards.state import RewardsUnavailable
from kiosk.flows.scan.state import CheckingCode, ScanHint, Scanning, ScanUnavailable
from kiosk.flows.sign_in.state import ScanChosen
from kiosk.flows.step import Back
from kiosk.ports.devices import CodeSeen
from kiosk.ports.display import NeedMoreTime
from kiosk.ports.errors import Refused
from kiosk.ports.values import Reason
from kiosk.session.events import EndChosen, StayChosen
from kiosk.session.idle import NEVER, IdleLimits
from kiosk.session.inner_events import IdleOver
from tests.support.flow_samples import MEMBERSHIP, TICKET, VISITOR
from tests.unit.kiosk.session.test_session import World, running


async def scanning(world: World) -> None:
    await world.post(Started(), JourneyChosen(Journey.SIGN_IN), ScanChosen())


async def test_the_camera_is_on_while_a_screen_wants_it_and_never_else() -> None:
    async with running() as world:
        assert not world.scanner.is_on
        await scanning(world)
        assert world.scanner.is_on
        await world.post(Back())
        assert not world.scanner.is_on


async def test_a_code_that_comes_when_nobody_scans_is_dropped() -> None:
    async with running() as world:
        await world.post(Started())
        world.scanner.show(CodeSeen("member", "HM1:1"))
        await world.settle()
        assert (type(world.screen.now.state), world.desk.shown) == (Menu, [])


async def test_a_code_leads_to_the_members_own_pages_with_a_code_of_their_own() -> None:
    async with running() as world:
        await scanning(world)
        world.scanner.show(CodeSeen("member", "HM1:1"))
        await world.settle()
        await world.settle()
        home = world.screen.now.state
        assert (type(home), home.visitor, home.code) == (MemberHome, VISITOR, "HM1:OWN")
        assert not world.scanner.is_on
        assert "HM1" not in repr(world.screen.now.state)


async def test_the_code_of_a_feedback_slip_is_shown_where_its_digits_are_asked_for() -> None:
    async with running() as world:
        await world.post(Started(), JourneyChosen(Journey.FEEDBACK), FollowUpChosen(), ScanChosen())
        assert world.scanner.is_on
        world.scanner.show(CodeSeen("case", TICKET.code))
        await world.settle()
        await world.settle()
        assert isinstance(world.screen.now.state, ShowingCase)
        assert not world.scanner.is_on


@pytest.mark.parametrize("kind", ["payment", "several", "foreign", "coupon", "product"])
async def test_what_is_no_code_of_ours_asks_nobody_and_the_camera_goes_on(kind: str) -> None:
    async with running() as world:
        await scanning(world)
        world.scanner.show(CodeSeen(kind))
        await world.settle()
        assert (world.screen.now.state, world.desk.shown, world.scanner.is_on) == (Scanning(ScanHint(kind)), [], True)


async def test_a_code_that_is_shown_is_a_sign_of_life_though_it_leads_nowhere() -> None:
    async with running() as world:
        await scanning(world)
        before = world.session._timers._waits["idle"].when()
        for kind in ("payment", "payment"):
            await asyncio.sleep(0.01)
            world.scanner.show(CodeSeen(kind))
            await world.settle()
            assert world.session._timers._waits["idle"].when() > before
            before = world.session._timers._waits["idle"].when()


async def test_behind_the_question_for_more_time_the_camera_is_off_and_no_code_is_taken() -> None:
    async with running() as world:
        await scanning(world)
        await world.post(IdleOver())
        assert (type(world.screen.now.overlay), world.scanner.is_on) == (NeedMoreTime, False)
        world.scanner.show(CodeSeen("member", "HM1:1"))
        await world.settle()
        assert (type(world.screen.now.overlay), world.desk.shown) == (NeedMoreTime, [])
        await world.post(StayChosen())
        assert world.scanner.is_on


async def test_a_refused_code_says_why_and_the_next_one_is_taken_without_a_touch() -> None:
    async with running() as world:
        world.desk.code_error = Refused(Reason("MEMBER_CODE_EXPIRED"))
        await scanning(world)
        world.scanner.show(CodeSeen("member", "HM1:1"))
        await world.settle()
        assert world.screen.now.state == Scanning(reason=Reason("MEMBER_CODE_EXPIRED"))
        world.desk.code_error = None
        world.scanner.show(CodeSeen("member", "HM1:2"))
        await world.settle()
        await world.settle()
        assert isinstance(world.screen.now.state, MemberHome)
        assert world.desk.shown == ["HM1:1", "HM1:2"]


async def test_a_camera_that_goes_leaves_the_other_ways() -> None:
    async with running() as world:
        await scanning(world)
        world.scanner.lose(Reason("CAMERA_GONE"))
        await world.settle()
        assert world.screen.now.state == ScanUnavailable(Reason("CAMERA_GONE"))
        assert not world.scanner.is_on


async def test_a_receipt_takes_the_visit_up_on_its_page() -> None:
    async with running() as world:
        await scanning(world)
        world.scanner.show(CodeSeen("receipt", "HR1:1"))
        for _ in range(3):
            await world.settle()
        assert type(world.screen.now.state).__name__ in {"LoadingCoupons", "CouponList", "Faulted"}
        assert not isinstance(world.screen.now.state, CheckingCode | MemberHome)


async def test_only_time_says_where_a_visit_was_left() -> None:
    quick = IdleLimits(0.01, 0)
    async with running(lambda state, **_: quick if isinstance(state, MemberHome) else NEVER) as world:
        await scanning(world)
        world.scanner.show(CodeSeen("member", "HM1:1"))
        for _ in range(3):
            await world.settle()
        await asyncio.sleep(0.05)
        await world.settle()
        assert (type(world.screen.now.state), world.desk.ended) == (Attract, ["visit member"])
    async with running() as world:
        await scanning(world)
        world.scanner.show(CodeSeen("member", "HM1:1"))
        for _ in range(3):
            await world.settle()
        await world.post(EndChosen())
        assert world.desk.ended == ["visit"]


async def test_a_visit_that_was_left_at_the_rewards_is_left_under_a_name_that_leads_back_to_them() -> None:
    quick = IdleLimits(0.01, 0)
    async with running(lambda state, **_: quick if isinstance(state, RewardsUnavailable) else NEVER) as world:
        await scanning(world)
        world.scanner.show(CodeSeen("member", "HM1:1"))
        for _ in range(3):
            await world.settle()
        await world.post(ErrandChosen(Errand.REDEEM))
        await asyncio.sleep(0.05)
        await world.settle()
        assert (type(world.screen.now.state), world.desk.ended) == (Attract, ["visit redeem"])


@pytest.mark.parametrize("errand", Errand)
def test_each_errand_that_is_left_leads_back_to_itself(errand: Errand) -> None:
    assert page_of(PLACES[errand](VISITOR, MEMBERSHIP)) == errand.value
