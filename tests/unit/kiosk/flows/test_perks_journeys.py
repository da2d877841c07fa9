"""Journeys of coupons and benefits, told as scripts; the centre's answers are events like touches."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from kiosk.flows.benefits.flow import BENEFITS
from kiosk.flows.benefits.flow import load as load_benefits
from kiosk.flows.benefits.state import (
    AskGift,
    BenefitsLoaded,
    BenefitsShown,
    ChangesChosen,
    ChangeTurned,
    GiftChosen,
    GiftGiven,
    GiftRefused,
    LoadBenefits,
    ReadingChange,
    ReadingWhy,
    WhyChosen,
)
from kiosk.flows.coupons.flow import COUPONS
from kiosk.flows.coupons.flow import load as load_coupons
from kiosk.flows.coupons.state import (
    ClaimChosen,
    ClaimCoupon,
    CouponChosen,
    CouponClaimed,
    CouponCode,
    CouponDetail,
    CouponList,
    CouponOpened,
    CouponRefused,
    CouponsLoaded,
    CouponWhyChosen,
    LoadCoupons,
    Shelf,
    ShowCoupon,
)
from kiosk.flows.phone_proof.flow import UNREACHABLE
from kiosk.flows.places import ToCoupons, ToMember, ToSignIn
from kiosk.flows.sign_in.state import PhoneChosen
from kiosk.flows.step import Back, Continued, DeskRefused, DeskUnreachable, Flow, Go, LanguageSwitched, RetryChosen, Step
from kiosk.ports.perks import BirthdayGift, CouponState, GiftState, ShownCoupon
from kiosk.ports.values import Language, Reason
from tests.support.flow_samples import COUPON, OWN_BENEFITS, VISITOR

CLAIMED = replace(COUPON, coupon_id="c2", state=CouponState.CLAIMED)
USED = replace(COUPON, coupon_id="c3", state=CouponState.REDEEMED)
AWAITING = replace(COUPON, coupon_id="c4", awaits_card=True)


def play(flow: Flow, first: Step, *events: Any) -> Step:
    step = first
    for event in events:
        step = flow.step(step.state, event)
    return step


def coupons(*events: Any) -> Step:
    return play(COUPONS, load_coupons(VISITOR), CouponsLoaded((COUPON, CLAIMED, USED, AWAITING)), *events)


def benefits(*events: Any) -> Step:
    return play(BENEFITS, load_benefits(VISITOR), BenefitsLoaded(OWN_BENEFITS), *events)


def test_a_code_is_fetched_only_when_the_coupon_is_opened_and_is_gone_with_it() -> None:
    assert load_coupons(VISITOR).effects == (LoadCoupons("visit"),)
    opening = coupons(CouponChosen("c2"))
    assert opening.effects == (ShowCoupon("visit", "c2"),)
    shown = coupons(CouponChosen("c2"), CouponOpened(ShownCoupon("c2.proof", CLAIMED)))
    assert isinstance(shown.state, CouponCode)
    left = COUPONS.step(shown.state, Back())
    assert isinstance(left.state, CouponList)
    assert "proof" not in str(left.state)


def test_a_coupon_that_is_not_taken_yet_is_taken_first_and_then_shown() -> None:
    assert isinstance(coupons(CouponChosen("c1")).state, CouponDetail)
    claiming = coupons(CouponChosen("c1"), ClaimChosen())
    assert claiming.effects == (ClaimCoupon("visit", "c1"),)
    assert COUPONS.step(claiming.state, CouponClaimed()).effects == (ShowCoupon("visit", "c1"),)


def test_whoever_came_with_paper_and_wants_a_code_is_led_to_signing_in_by_phone() -> None:
    refused = coupons(CouponChosen("c2"), DeskRefused(Reason("HOLDER_PROOF")))
    assert COUPONS.step(refused.state, PhoneChosen()).effects == (Go(ToSignIn(by_phone=True)),)


@pytest.mark.parametrize("coupon_id", ["c3", "c4"])
def test_what_cannot_be_taken_is_not_asked_for(coupon_id: str) -> None:
    step = coupons(CouponChosen(coupon_id), ClaimChosen())
    assert isinstance(step.state, CouponDetail)
    assert step.effects == ()


@pytest.mark.parametrize("opened", [(CouponChosen("c1"),), (CouponChosen("c2"), CouponOpened(ShownCoupon("c2.proof", CLAIMED)))])
def test_why_a_coupon_is_there_stands_on_its_page_and_back_leads_to_the_coupon_first(opened: tuple[Any, ...]) -> None:
    why = coupons(*opened, CouponWhyChosen())
    assert why.state.is_why
    assert why.effects == ()
    assert COUPONS.step(why.state, CouponWhyChosen()) == COUPONS.step(why.state, Back()) == Step(coupons(*opened).state)


def test_a_coupon_that_is_not_in_the_list_opens_nothing() -> None:
    assert coupons(CouponChosen("c9")) == coupons()


def test_a_lost_answer_is_asked_for_again_as_the_same_intent() -> None:
    lost = coupons(CouponChosen("c1"), ClaimChosen(), DeskUnreachable())
    assert isinstance(lost.state, CouponRefused)
    assert lost.state.reason == UNREACHABLE
    assert COUPONS.step(lost.state, RetryChosen()).effects == (ClaimCoupon("visit", "c1"),)


def test_a_coupon_that_was_used_at_a_till_meanwhile_is_said_so_and_the_list_is_fetched_anew() -> None:
    refused = coupons(CouponChosen("c2"), DeskRefused(Reason("COUPON_ALREADY_REDEEMED")))
    assert isinstance(refused.state, CouponRefused)
    assert COUPONS.step(refused.state, Continued()).effects == (LoadCoupons("visit"),)


def test_from_a_used_coupon_one_comes_back_to_the_used_ones_and_home_from_there() -> None:
    back = coupons(CouponChosen("c3"), Back())
    assert isinstance(back.state, CouponList)
    assert back.state.shelf is Shelf.USED
    assert COUPONS.step(back.state, Back()).effects == (Go(ToMember(VISITOR)),)


def test_the_gift_is_asked_for_once_and_lies_among_the_coupons() -> None:
    assert load_benefits(VISITOR).effects == (LoadBenefits("visit"),)
    assert benefits(GiftChosen()).effects == (AskGift("visit"),)
    given = benefits(GiftChosen(), GiftGiven(replace(OWN_BENEFITS.gift, state=GiftState.GIVEN)))
    assert isinstance(given.state, BenefitsShown)
    assert BENEFITS.step(given.state, GiftChosen()).effects == (Go(ToCoupons(VISITOR)),)


def test_a_gift_that_is_not_to_be_had_is_not_asked_for() -> None:
    closed = replace(OWN_BENEFITS, gift=BirthdayGift(GiftState.CLOSED, Reason("BIRTHDAY_NOT_NOW")))
    step = play(BENEFITS, load_benefits(VISITOR), BenefitsLoaded(closed), GiftChosen())
    assert step == Step(BenefitsShown(VISITOR, closed))


def test_a_gift_whose_answer_is_lost_is_asked_for_again_as_the_same_intent() -> None:
    lost = benefits(GiftChosen(), DeskUnreachable())
    assert lost.state == GiftRefused(VISITOR, OWN_BENEFITS, UNREACHABLE)
    assert BENEFITS.step(lost.state, RetryChosen()).effects == (AskGift("visit"),)
    assert BENEFITS.step(lost.state, Back()).effects == (LoadBenefits("visit"),)


def test_changes_are_turned_within_what_there_is_and_come_again_in_another_language() -> None:
    reading = benefits(ChangesChosen(), ChangeTurned(1), ChangeTurned(-5))
    assert reading.state == ReadingChange(VISITOR, OWN_BENEFITS, 0)
    assert BENEFITS.step(reading.state, LanguageSwitched(Language.EN)).effects == (LoadBenefits("visit"),)
    none = replace(OWN_BENEFITS, changes=())
    assert play(BENEFITS, load_benefits(VISITOR), BenefitsLoaded(none), ChangesChosen()) == Step(BenefitsShown(VISITOR, none))


def test_why_is_read_and_left_and_asked_for_in_another_language() -> None:
    reading = benefits(WhyChosen())
    assert reading == Step(ReadingWhy(VISITOR, OWN_BENEFITS))
    assert BENEFITS.step(reading.state, Back()) == Step(BenefitsShown(VISITOR, OWN_BENEFITS))
    assert BENEFITS.step(reading.state, LanguageSwitched(Language.EN)).effects == (LoadBenefits("visit"),)
    silent = replace(OWN_BENEFITS, why=None)
    assert play(BENEFITS, load_benefits(VISITOR), BenefitsLoaded(silent), WhyChosen()) == Step(BenefitsShown(VISITOR, silent))
