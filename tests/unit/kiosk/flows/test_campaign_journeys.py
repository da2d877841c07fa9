"""Campaigns as scripts of touches: the list, why not, signing in on the way, taking part once, and what is taken away while one reads."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from kiosk.flows.campaigns.flow import CAMPAIGNS, load
from kiosk.flows.campaigns.state import (
    AskingReminder,
    BoardKnown,
    CampaignChosen,
    CampaignFeedbackChosen,
    CampaignGone,
    CampaignJoined,
    CampaignList,
    CampaignOpened,
    CampaignRefused,
    CampaignShown,
    JoinCampaign,
    JoinChosen,
    JoiningCampaign,
    LoadBoard,
    LoadingBoard,
    OpenCampaign,
    OpeningCampaign,
    OwnCouponsChosen,
    PartTaken,
    ReminderChosen,
    ReminderNoted,
    WishNoted,
    WishReminder,
)
from kiosk.flows.places import ToAttract, ToCampaigns, ToCoupons, ToFeedback, ToMember, ToMenu, ToRegister, ToScan, ToSignIn
from kiosk.flows.register.state import PrintChosen, SlipFailed, SlipPrinted
from kiosk.flows.slips import PrintDeed
from kiosk.flows.step import Back, Continued, DeskRefused, DeskUnreachable, Go, LanguageSwitched, RetryChosen, Step
from kiosk.ports.campaigns import CLAIMED, CampaignLook, Joined
from kiosk.ports.values import Language, Reason
from kiosk.session.goals import Goal
from tests.support.flow_samples import CAMPAIGN, CAMPAIGN_LIST, CAMPAIGN_SHOWN, RECEIPT, VISITOR

GUEST_LIST = CampaignList(None, (CAMPAIGN,))
JOIN = JoinCampaign("visit", "baking")


def after(state: Any, *events: Any) -> Step:
    step = Step(state)
    for event in events:
        step = CAMPAIGNS.step(step.state, event)
    return step


def test_a_guest_reads_and_signs_in_on_the_way() -> None:
    first = load(None)
    assert first == Step(LoadingBoard(None), (LoadBoard(),))
    opening = after(first.state, BoardKnown((CAMPAIGN,)), CampaignChosen("baking"))
    assert opening == Step(OpeningCampaign(None, GUEST_LIST, CAMPAIGN), (OpenCampaign("", "baking"),))
    shown = after(opening.state, CampaignOpened(CampaignLook(CAMPAIGN)))
    assert after(shown.state, JoinChosen()).effects == (Go(ToSignIn(campaign_id="baking")),)
    assert after(shown.state, ReminderChosen()) == Step(shown.state)
    assert after(shown.state, Back()).state == LoadingBoard(None)
    assert after(GUEST_LIST, Back()).effects == (Go(ToMenu()),)


def test_who_signed_in_on_the_way_lands_on_the_campaign_and_only_then() -> None:
    goal = Goal()
    assert goal.on_the_way(ToMember(VISITOR)) == ToMember(VISITOR)
    goal.on_the_way(ToSignIn(campaign_id="baking"))
    assert goal.on_the_way(ToMember(VISITOR)) == ToCampaigns(VISITOR, "baking")
    assert goal.on_the_way(ToMember(VISITOR)) == ToMember(VISITOR)
    for left in (ToMenu(), ToAttract(), ToRegister()):
        goal.on_the_way(ToSignIn(campaign_id="baking"))
        goal.on_the_way(left)
        assert goal.on_the_way(ToMember(VISITOR)) == ToMember(VISITOR)
    # Another way of signing in is still the way there.
    goal.on_the_way(ToSignIn(campaign_id="baking"))
    goal.on_the_way(ToScan())
    goal.on_the_way(ToSignIn(by_phone=True))
    assert goal.on_the_way(ToMember(VISITOR)) == ToCampaigns(VISITOR, "baking")
    step = after(LoadingBoard(VISITOR, "baking"), BoardKnown((CAMPAIGN,)))
    assert step == Step(OpeningCampaign(VISITOR, CAMPAIGN_LIST, CAMPAIGN), (OpenCampaign("visit", "baking"),))
    assert isinstance(after(LoadingBoard(VISITOR, "baking"), BoardKnown(())).state, CampaignGone)


def test_taking_part_and_what_it_gave() -> None:
    joining = after(CAMPAIGN_SHOWN, JoinChosen())
    assert joining == Step(JoiningCampaign(VISITOR, CAMPAIGN_SHOWN), (JOIN,))
    done = after(joining.state, PartTaken(Joined("c1")))
    assert done.state == CampaignJoined(VISITOR, CAMPAIGN_SHOWN, Joined("c1"))
    assert done.effects == (PrintDeed(Joined().receipt, VISITOR.name_masked, is_copy=False),)
    assert after(done.state, Continued()).effects == (Go(ToMember(VISITOR)),)
    assert after(done.state, CampaignFeedbackChosen()).effects == (Go(ToFeedback(VISITOR, "baking")),)


def test_the_receipt_is_printed_at_once_again_where_it_failed_and_once_more_as_a_copy() -> None:
    joined = Joined(receipt=RECEIPT)
    done = after(JoiningCampaign(VISITOR, CAMPAIGN_SHOWN), PartTaken(joined))
    assert done.effects == (PrintDeed(RECEIPT, VISITOR.name_masked, is_copy=False),)
    failed = after(done.state, SlipFailed(Reason("PAPER_OUT")))
    assert failed.state == CampaignJoined(VISITOR, CAMPAIGN_SHOWN, joined, slip="failed")
    anew = after(failed.state, PrintChosen())
    assert anew.effects == done.effects
    copy = after(after(anew.state, SlipPrinted()).state, PrintChosen())
    assert copy.effects == (PrintDeed(RECEIPT, VISITOR.name_masked, is_copy=True),)
    assert after(after(copy.state, SlipPrinted()).state, PrintChosen()).effects == ()


def test_a_lost_answer_is_asked_for_again_by_the_same_request() -> None:
    lost = after(JoiningCampaign(VISITOR, CAMPAIGN_SHOWN), DeskUnreachable())
    assert isinstance(lost.state, CampaignRefused)
    assert after(lost.state, RetryChosen()) == Step(JoiningCampaign(VISITOR, CAMPAIGN_SHOWN), (JOIN,))


def test_a_refusal_leads_back_to_the_page_that_says_why() -> None:
    no = after(JoiningCampaign(VISITOR, CAMPAIGN_SHOWN), DeskRefused(Reason("CAMPAIGN_QUOTA_GONE")))
    assert no.state.reason == "CAMPAIGN_QUOTA_GONE"
    assert after(no.state, Continued()).effects == (OpenCampaign("visit", "baking"),)


@pytest.mark.parametrize("refusal", ["CAMPAIGN_NOT_ELIGIBLE", "CAMPAIGN_CLAIMED_ALREADY"])
def test_who_cannot_take_part_is_not_sent(refusal: str) -> None:
    shown = replace(CAMPAIGN_SHOWN, look=CampaignLook(CAMPAIGN, Reason(refusal)))
    assert after(shown, JoinChosen()) == Step(shown)
    assert after(shown, ReminderChosen()) == Step(shown)


def test_a_wish_is_agreed_to_before_it_is_sent() -> None:
    shown = replace(CAMPAIGN_SHOWN, look=CampaignLook(CAMPAIGN, Reason("CAMPAIGN_NOT_ELIGIBLE"), may_wish=True))
    asking = after(shown, ReminderChosen())
    assert asking == Step(AskingReminder(VISITOR, shown))
    assert after(asking.state, Back()).state == shown
    wishing = after(asking.state, Continued())
    assert wishing.effects == (WishReminder("visit", "baking"),)
    assert isinstance(after(wishing.state, WishNoted()).state, ReminderNoted)


def test_without_the_link_the_page_comes_from_memory_and_nothing_is_sent() -> None:
    shown = after(OpeningCampaign(VISITOR, CAMPAIGN_LIST, CAMPAIGN), DeskUnreachable()).state
    assert shown.is_from_memory
    assert after(shown, JoinChosen()) == Step(shown)
    assert after(shown, RetryChosen()).effects == (OpenCampaign("visit", "baking"),)


def test_what_is_stopped_is_taken_away_from_who_reads_it() -> None:
    for state in (CAMPAIGN_SHOWN, OpeningCampaign(VISITOR, CAMPAIGN_LIST, CAMPAIGN), AskingReminder(VISITOR, CAMPAIGN_SHOWN)):
        assert after(state, BoardKnown(())).state == CampaignGone(VISITOR, Reason("CAMPAIGN_STOPPED"))
        assert type(after(state, BoardKnown((CAMPAIGN,))).state) is type(state)
    assert after(CAMPAIGN_LIST, BoardKnown(())).state.campaigns == ()
    # Who takes part at this moment hears it from the centre.
    joining = JoiningCampaign(VISITOR, CAMPAIGN_SHOWN)
    assert after(joining, BoardKnown(())) == Step(joining)


def test_what_is_over_by_its_date_is_not_called_stopped() -> None:
    over = CampaignGone(VISITOR, Reason("CAMPAIGN_ENDED"))
    for state in (CAMPAIGN_SHOWN, OpeningCampaign(VISITOR, CAMPAIGN_LIST, CAMPAIGN), LoadingBoard(VISITOR, "baking")):
        assert after(state, BoardKnown((), frozenset({"baking"}))).state == over
        assert after(state, BoardKnown((), frozenset({"other"}))).state == CampaignGone(VISITOR, Reason("CAMPAIGN_STOPPED"))


def test_another_version_or_language_is_asked_for_anew() -> None:
    newer = replace(CAMPAIGN, version=2)
    assert after(CAMPAIGN_SHOWN, BoardKnown((newer,))).effects == (OpenCampaign("visit", "baking"),)
    assert isinstance(after(CAMPAIGN_SHOWN, LanguageSwitched(Language.EN)).state, OpeningCampaign)
    assert isinstance(CAMPAIGN_SHOWN, CampaignShown)


def test_who_has_taken_part_goes_from_there_to_the_coupon_that_it_gave() -> None:
    giving = replace(CAMPAIGN, value_fen=1000)
    has_one = replace(CAMPAIGN_SHOWN, look=CampaignLook(giving, CLAIMED))
    assert after(has_one, OwnCouponsChosen()) == Step(has_one, (Go(ToCoupons(VISITOR)),))
    for has_none in (
        replace(CAMPAIGN_SHOWN, look=CampaignLook(giving)),
        replace(CAMPAIGN_SHOWN, look=CampaignLook(CAMPAIGN, CLAIMED)),
        replace(has_one, visitor=None),
    ):
        assert after(has_none, OwnCouponsChosen()) == Step(has_none)
