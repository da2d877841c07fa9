"""Choosing a reward: the catalogue, the page that says what it costs, and why it cannot be had."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from kiosk.flows.places import ToMember, ToMenu
from kiosk.flows.rewards.answers import NotQuoted, Quoted, RewardsLoaded
from kiosk.flows.rewards.effects import LoadRewards, QuoteReward
from kiosk.flows.rewards.state import (
    AlternativeChosen,
    CannotHave,
    Choosing,
    LoadingRewards,
    LookingForAlternative,
    OnlyAvailableToggled,
    QtyStepped,
    RewardChosen,
    RewardList,
    RewardsUnavailable,
    RowsTurned,
)
from kiosk.flows.step import DeskRefused, Go, Step
from kiosk.ports.rewards import Reward
from kiosk.ports.values import Reason, Visitor

UNREACHABLE = Reason("UNREACHABLE")
VISIT_OVER = Reason("VISIT_OVER")


def load(visitor: Visitor) -> Step:
    """Return the first step: the centre is asked for the catalogue."""
    return Step(LoadingRewards(visitor), (LoadRewards(visitor.visit_token),))


def in_words(state: RewardList | Choosing | CannotHave, _event: Any) -> Step:
    """The same page in another language: its words are the catalogue's."""
    return Step(LoadingRewards(state.visitor, state), (LoadRewards(state.visitor.visit_token),))


def reload(state: CannotHave, _event: Any) -> Step:
    """Back to the catalogue: it says what it said before, and what was refused is not as it says."""
    return in_words(state.among, _event)


def home(state: Any, _event: Any) -> Step:
    """Back to the member's own pages."""
    return Step(state, (Go(ToMember(state.visitor)),))


def unavailable(state: Any, reason: Reason, asks: Any) -> Step:
    """What is asked for in `state` is not to be had now; it can be asked for again."""
    return Step(RewardsUnavailable(state.visitor, reason, state, asks))


def again(state: RewardsUnavailable, _event: Any) -> Step:
    """Ask once more."""
    return Step(state.again, (state.asks,))


def leave(state: RewardsUnavailable, _event: Any) -> Step:
    """Leave what is not to be had; a visit that is over has no pages of its own any more."""
    return Step(state, (Go(ToMenu() if state.reason == VISIT_OVER else ToMember(state.visitor)),))


def not_loaded(state: LoadingRewards, event: Any) -> Step:
    """The catalogue did not come."""
    reason = event.reason if isinstance(event, DeskRefused) else UNREACHABLE
    return unavailable(state, reason, LoadRewards(state.visitor.visit_token))


def loaded(state: LoadingRewards, event: RewardsLoaded) -> Step:
    """The catalogue is here; the page that was open before stays, at the price and in the words of now."""
    among, page = RewardList(state.visitor, event.membership, event.rewards), state.page
    if page is None:
        return Step(among)
    among = _at_its_place(among, page if isinstance(page, RewardList) else page.among)
    if isinstance(page, RewardList):
        return Step(among)
    reward = among.reward(page.reward.reward_id)
    if isinstance(page, CannotHave):
        nearest = page.alternative and (among.reward(page.alternative.reward_id) or page.alternative)
        return Step(replace(page, among=among, reward=reward or page.reward, alternative=nearest))
    if reward is None:
        return Step(among)
    return choose(among, reward) if reward.refusal is not None else quoting(replace(page, among=among, reward=reward))


def _at_its_place(among: RewardList, before: RewardList) -> RewardList:
    """Return the catalogue filtered as before, at the rows as before, where there are still so many."""
    filtered = replace(among, is_only_available=before.is_only_available)
    return replace(filtered, first=before.first if before.first < len(filtered.meant) else 0)


# The catalogue.


def toggled(state: RewardList, _event: OnlyAvailableToggled) -> Step:
    """The filter begins at its first row."""
    return Step(replace(state, is_only_available=not state.is_only_available, first=0))


def turned(state: Any, event: RowsTurned) -> Step:
    """Other rows of a list."""
    return Step(replace(state, first=max(0, event.first)))


def chosen(state: RewardList, event: RewardChosen) -> Step:
    """A reward was touched: one that cannot be had says why at once."""
    reward = state.reward(event.reward_id)
    return Step(state) if reward is None else choose(state, reward)


def choose(among: RewardList, reward: Reward) -> Step:
    """Return the step to a reward: what it costs, or why not."""
    if reward.refusal is not None:
        nearest = among.reward(reward.alternative)
        return Step(CannotHave(among.visitor, among, reward, reward.refusal, reward.frees_on, nearest))
    return quoting(Choosing(among.visitor, among, reward))


def quoting(choice: Choosing) -> Step:
    """Return the step to a choice whose price is asked for."""
    return Step(replace(choice, quote=None), (QuoteReward(choice.visitor.visit_token, choice.wanted),))


# The page before confirming.


def stepped(state: Choosing, event: QtyStepped) -> Step:
    """One piece more or less, within what there is."""
    qty = min(max(1, state.qty + event.step), state.most)
    return Step(state) if qty == state.qty else quoting(replace(state, qty=qty))


def quoted(state: Choosing, event: Quoted) -> Step:
    """The price is here; an answer to an earlier question is none."""
    quote = event.quote
    if event.wanted != state.wanted:
        return Step(state)
    if quote.refusal is not None:
        return Step(CannotHave(state.visitor, state.among, state.reward, quote.refusal, quote.frees_on, quote.alternative))
    # What there is on the page is what the centre says now, not what the catalogue said.
    return Step(replace(state, quote=quote, reward=replace(state.reward, points=quote.points // state.qty)))


def not_quoted(state: Choosing, event: NotQuoted) -> Step:
    """The price is not to be had, or the reward is gone from the catalogue."""
    if event.wanted != state.wanted:
        return Step(state)
    if event.reason in {UNREACHABLE, VISIT_OVER}:
        return unavailable(state, event.reason, QuoteReward(state.visitor.visit_token, state.wanted))
    return Step(CannotHave(state.visitor, state.among, state.reward, event.reason))


def price_changed(choice: Choosing, points: int, proof: str) -> Step:
    """It costs other points than were agreed to: the page says so, asks what that leaves, and for a new yes. Nothing was taken."""
    was = choice.reward.points
    reward = replace(choice.reward, points=points // choice.qty if points else was)
    return quoting(replace(choice, reward=reward, was_points=was, phone_proof=proof))


def list_again(state: Choosing, _event: Any) -> Step:
    """Back to the catalogue as it was."""
    return Step(state.among)


# It cannot be had.


def gone(choice: Choosing, reason: Reason) -> Step:
    """It was refused at the last moment: say why, and ask what comes nearest."""
    asks = QuoteReward(choice.visitor.visit_token, choice.wanted)
    return Step(LookingForAlternative(choice.visitor, choice, reason), (asks,))


def alternative_found(state: LookingForAlternative, event: Quoted) -> Step:
    """The reason of the moment at which it mattered stays; the rest is as of now."""
    choice, quote = state.choice, event.quote
    if event.wanted != choice.wanted:
        return Step(state)
    return Step(CannotHave(state.visitor, choice.among, choice.reward, state.reason, quote.frees_on, quote.alternative))


def no_alternative(state: LookingForAlternative, event: NotQuoted) -> Step:
    """Without what comes nearest, the reason is still said."""
    if event.wanted != state.choice.wanted:
        return Step(state)
    return Step(CannotHave(state.visitor, state.choice.among, state.choice.reward, state.reason))


def alternative_chosen(state: CannotHave, _event: AlternativeChosen) -> Step:
    """What comes nearest."""
    return Step(state) if state.alternative is None else choose(state.among, state.alternative)
