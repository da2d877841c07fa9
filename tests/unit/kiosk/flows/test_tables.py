"""Every (state, event) pair of every flow is defined, and does what its table says."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from kiosk.flows.step import Back, Flow, Go, StaffWanted, Step, StopWait, Wait
from kiosk.session.beginnings import begin
from kiosk.session.performer import Performer
from tests.support.flow_samples import FLOWS, SAMPLES
from tests.support.flow_tables import path_of, table

BUSY_WITHOUT_BACK = {
    "SendingCode",
    "VerifyingCode",
    "PhoneProved",
    "PhoneLeft",
    "Submitting",
    "Cancelling",
    "WritingCard",
    "Activating",
    "GivingUp",
    "ReadingCard",
    "Identifying",
    "CheckingCode",
    "CheckingGuardian",
    "LoadingChildren",
    "OpeningChild",
    "WithdrawingConsent",
    "LookingUp",
    "Withdrawing",
    "LoadingMember",
    "SendingFeedback",
    "LookingUpCase",
    "JudgingCase",
    "LoadingCoupons",
    "ClaimingCoupon",
    "OpeningCoupon",
    "LoadingBenefits",
    "AskingGift",
    "LoadingRewards",
    "LookingForAlternative",
    "AskingForCode",
    "Redeeming",
    "CancellingRedeem",
    "LoadingRedemptions",
    "Undoing",
    "IdentifyingHolder",
    "LoadingCard",
    "ReportingLoss",
    "WithdrawingLoss",
    "AskingReplacement",
    "TurningIn",
    "LoadingBoard",
    "OpeningCampaign",
    "JoiningCampaign",
    "WishingReminder",
    "Attract",
    "OutOfService",
    "CardIssued",
}


@pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: flow.name)
def test_table_is_as_written(flow: Flow) -> None:
    assert table(flow) == path_of(flow).read_text(encoding="utf-8"), "run python -m tests.support.flow_tables and read the diff"


@pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: flow.name)
def test_every_pair_ends_in_a_state_of_the_flow(flow: Flow) -> None:
    for state in flow.states:
        for event in flow.events:
            step = flow.step(SAMPLES[state], SAMPLES[event])
            assert type(step.state) in flow.states, (state, event)


@pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: flow.name)
def test_every_state_has_a_way_out(flow: Flow) -> None:
    for state in flow.states:
        leaves = [event for event in flow.events if flow.step(SAMPLES[state], SAMPLES[event]) != Step(SAMPLES[state])]
        assert leaves or state.__name__ in {"PhoneProved", "PhoneLeft"}, state


@pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: flow.name)
def test_back_works_wherever_nothing_is_under_way(flow: Flow) -> None:
    for state in flow.states:
        step = flow.step(SAMPLES[state], Back())
        moved = step != Step(SAMPLES[state])
        assert moved or state.__name__ in BUSY_WITHOUT_BACK, state


def test_every_effect_can_be_performed() -> None:
    performed = _performed()
    for flow in FLOWS:
        for state in flow.states:
            for event in flow.events:
                for effect in flow.step(SAMPLES[state], SAMPLES[event]).effects:
                    if isinstance(effect, Go):
                        begin(effect.place)
                    else:
                        assert isinstance(effect, Wait | StopWait | StaffWanted) or type(effect) in performed


def _performed() -> frozenset[type]:
    names = ("enrollment", "cards", "members", "reader", "printer", "feedback", "coupons", "benefits", "points", "rewards", "credentials")
    names = (*names, "losses", "hotlist", "guardians")
    outside = SimpleNamespace(**dict.fromkeys(names), campaigns=None)
    return Performer(outside, None).effects


def test_a_rule_for_an_unknown_pair_is_refused() -> None:
    with pytest.raises(TypeError, match="unknown pair"):
        Flow("x", (int,), (str,), {(int, float): lambda _state, _event: Step(1)})
