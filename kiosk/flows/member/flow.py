"""The member's own pages as a table."""

from __future__ import annotations

from typing import Any

from kiosk.flows.member.errands import PLACES
from kiosk.flows.member.state import ErrandChosen, LoadingMember, LoadMember, MemberHome, MemberLoaded, MemberUnavailable, TakeCardChosen
from kiosk.flows.phone_proof.flow import UNREACHABLE
from kiosk.flows.places import ToIssueCard, ToLostCard, ToMenu
from kiosk.flows.step import COMMON_EVENTS, Back, Continued, DeskRefused, DeskUnreachable, Flow, Go, RetryChosen, Step
from kiosk.ports.own_card import CardStanding
from kiosk.ports.values import Membership


def _loaded(state: LoadingMember, event: MemberLoaded) -> Step:
    return Step(MemberHome(state.visitor, event.membership))


def _failed(state: LoadingMember, event: DeskRefused) -> Step:
    return Step(MemberUnavailable(state.visitor, event.reason))


def _again(state: MemberUnavailable, _event: RetryChosen) -> Step:
    return Step(LoadingMember(state.visitor), (LoadMember(state.visitor.visit_token),))


def is_card_lost(membership: Membership) -> bool:
    """Tell whether the card was reported lost and a new one is still to be written."""
    return membership.card is not None and membership.card.standing is CardStanding.LOST


def _take_card(state: MemberHome, _event: TakeCardChosen) -> Step:
    if is_card_lost(state.membership):
        return Step(state, (Go(ToLostCard(state.visitor)),))
    grant = state.membership.issue_grant
    return Step(state, (Go(ToIssueCard(grant)),)) if grant else Step(state)


def _errand(state: MemberHome, event: ErrandChosen) -> Step:
    return Step(state, (Go(PLACES[event.errand](state.visitor, state.membership)),))


def _menu(state: Any, _event: Any) -> Step:
    return Step(state, (Go(ToMenu()),))


MEMBER = Flow(
    name="member",
    states=(LoadingMember, MemberHome, MemberUnavailable),
    events=(*COMMON_EVENTS, MemberLoaded, TakeCardChosen, ErrandChosen),
    rules={
        (LoadingMember, MemberLoaded): _loaded,
        (LoadingMember, DeskRefused): _failed,
        (LoadingMember, DeskUnreachable): lambda state, _event: Step(MemberUnavailable(state.visitor, UNREACHABLE)),
        (MemberHome, TakeCardChosen): _take_card,
        (MemberHome, ErrandChosen): _errand,
        (MemberHome, Back): _menu,
        (MemberUnavailable, RetryChosen): _again,
        (MemberUnavailable, Continued): _menu,
        (MemberUnavailable, Back): _menu,
    },
)
