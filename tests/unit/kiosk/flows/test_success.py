"""Nothing is said to be done before its effect is there (F16)."""

from __future__ import annotations

import pytest

from kiosk.flows.issue_card.flow import ISSUE_CARD
from kiosk.flows.issue_card.state import CardActivated, CardIssued
from kiosk.flows.rewards.answers import Redeemed, RedemptionUndone
from kiosk.flows.rewards.flow import REWARDS
from kiosk.flows.rewards.state import CancellingRedeem, Redeeming, RedeemUncertain, RedemptionShown, Undoing, Undone
from kiosk.flows.step import Flow
from tests.support.flow_samples import SAMPLES

SUCCESSES = [
    (REWARDS, (Redeeming, RedeemUncertain, CancellingRedeem), RedemptionShown, Redeemed),
    (REWARDS, (Undoing,), Undone, RedemptionUndone),
    (ISSUE_CARD, tuple(state for state in ISSUE_CARD.states if state is not CardIssued), CardIssued, CardActivated),
]


@pytest.mark.parametrize(("flow", "states", "done", "answer"), SUCCESSES, ids=["spent", "given back", "card issued"])
def test_f16_only_the_centres_own_answer_says_that_it_is_done(flow: Flow, states: tuple[type, ...], done: type, answer: type) -> None:
    ways = [(state, event) for state in states for event in flow.events if type(flow.step(SAMPLES[state], SAMPLES[event]).state) is done]
    assert ways
    assert {event for _state, event in ways} == {answer}
