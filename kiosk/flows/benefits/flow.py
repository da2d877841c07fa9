"""A member's benefits as a table."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from kiosk.flows.benefits.state import (
    AskGift,
    AskingGift,
    BenefitsLoaded,
    BenefitsShown,
    BenefitsUnavailable,
    ChangesChosen,
    ChangeTurned,
    GiftChosen,
    GiftGiven,
    GiftRefused,
    LoadBenefits,
    LoadingBenefits,
    ReadingChange,
    ReadingWhy,
    WhyChosen,
)
from kiosk.flows.phone_proof.flow import UNREACHABLE
from kiosk.flows.places import ToCoupons, ToMember
from kiosk.flows.step import (
    COMMON_EVENTS,
    Back,
    Continued,
    DeskRefused,
    DeskUnreachable,
    Flow,
    Go,
    LanguageSwitched,
    RetryChosen,
    Step,
)
from kiosk.ports.perks import GiftState
from kiosk.ports.values import Visitor


def load(visitor: Visitor) -> Step:
    """Return the first step: the centre is asked."""
    return Step(LoadingBenefits(visitor), (LoadBenefits(visitor.visit_token),))


def _gift(state: BenefitsShown, _event: GiftChosen) -> Step:
    match state.benefits.gift.state:
        case GiftState.OPEN:
            return _ask(state)
        case GiftState.GIVEN:
            return Step(state, (Go(ToCoupons(state.visitor)),))
        case GiftState.CLOSED:
            return Step(state)


def _ask(state: BenefitsShown | GiftRefused) -> Step:
    return Step(AskingGift(state.visitor, state.benefits), (AskGift(state.visitor.visit_token),))


def _given(state: AskingGift, event: GiftGiven) -> Step:
    return Step(BenefitsShown(state.visitor, replace(state.benefits, gift=event.gift)))


def _changes(state: BenefitsShown, _event: ChangesChosen) -> Step:
    return Step(ReadingChange(state.visitor, state.benefits)) if state.benefits.changes else Step(state)


def _turned(state: ReadingChange, event: ChangeTurned) -> Step:
    last = len(state.benefits.changes) - 1
    return Step(replace(state, place=min(max(0, state.place + event.step), last)))


def _why(state: BenefitsShown, _event: WhyChosen) -> Step:
    return Step(state) if state.benefits.why is None else Step(ReadingWhy(state.visitor, state.benefits))


def _page(state: ReadingChange | ReadingWhy, _event: Any) -> Step:
    return Step(BenefitsShown(state.visitor, state.benefits))


def _reload(state: Any, _event: Any) -> Step:
    return load(state.visitor)


def _member(state: Any, _event: Any) -> Step:
    return Step(state, (Go(ToMember(state.visitor)),))


BENEFITS = Flow(
    name="benefits",
    states=(LoadingBenefits, BenefitsShown, AskingGift, GiftRefused, ReadingChange, ReadingWhy, BenefitsUnavailable),
    events=(*COMMON_EVENTS, GiftChosen, ChangesChosen, ChangeTurned, WhyChosen, BenefitsLoaded, GiftGiven),
    rules={
        (LoadingBenefits, BenefitsLoaded): lambda state, event: Step(BenefitsShown(state.visitor, event.benefits)),
        (LoadingBenefits, DeskRefused): lambda state, event: Step(BenefitsUnavailable(state.visitor, event.reason)),
        (LoadingBenefits, DeskUnreachable): lambda state, _event: Step(BenefitsUnavailable(state.visitor, UNREACHABLE)),
        (BenefitsShown, GiftChosen): _gift,
        (BenefitsShown, ChangesChosen): _changes,
        (BenefitsShown, WhyChosen): _why,
        # The words of the changes are the centre's.
        (BenefitsShown, LanguageSwitched): _reload,
        (BenefitsShown, Back): _member,
        (AskingGift, GiftGiven): _given,
        (AskingGift, DeskRefused): lambda state, event: Step(GiftRefused(state.visitor, state.benefits, event.reason)),
        (AskingGift, DeskUnreachable): lambda state, _event: Step(GiftRefused(state.visitor, state.benefits, UNREACHABLE)),
        (GiftRefused, RetryChosen): lambda state, _event: _ask(state),
        (GiftRefused, Continued): _reload,
        (GiftRefused, Back): _reload,
        (ReadingChange, ChangeTurned): _turned,
        (ReadingChange, LanguageSwitched): _reload,
        (ReadingChange, Back): _page,
        # The names in the lines are the centre's.
        (ReadingWhy, LanguageSwitched): _reload,
        (ReadingWhy, Back): _page,
        (BenefitsUnavailable, RetryChosen): _reload,
        (BenefitsUnavailable, Continued): _member,
        (BenefitsUnavailable, Back): _member,
    },
)
