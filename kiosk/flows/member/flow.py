"""The member's own pages as a table."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from kiosk.flows.member.errands import PLACES, Errand
from kiosk.flows.member.state import (
    CodeMade,
    ErrandChosen,
    LoadingMember,
    LoadMember,
    LoadNews,
    MakeCode,
    MemberHome,
    MemberLoaded,
    MemberUnavailable,
    NewsLoaded,
    TakeCardChosen,
)
from kiosk.flows.phone_proof.flow import UNREACHABLE
from kiosk.flows.places import ToIssueCard, ToLostCard, ToMenu, ToSignIn
from kiosk.flows.step import COMMON_EVENTS, Back, Continued, DeskRefused, DeskUnreachable, Flow, Go, RetryChosen, Step, TimeIsUp, Wait
from kiosk.ports.own_card import CardStanding
from kiosk.ports.values import ApplicationState, Membership, Reason

NEXT_CODE = "next code"
CODE_RETRY_S = 10.0
# Who came with a code or a receipt gets none for the whole visit.
NEEDS_HOLDER = Reason("HOLDER_PROOF")
VISIT_OVER = Reason("VISIT_OVER")
PAGES = frozenset(errand.value for errand in PLACES)


def _loaded(state: LoadingMember, event: MemberLoaded) -> Step:
    if state.page in PAGES:
        return Step(state, (Go(PLACES[Errand(state.page)](state.visitor, event.membership)),))
    token = state.visitor.visit_token
    return Step(MemberHome(state.visitor, event.membership), (MakeCode(token), LoadNews(token)))


def _code_made(state: MemberHome, event: CodeMade) -> Step:
    return Step(replace(state, code=event.text), (Wait(NEXT_CODE, event.refresh_after_s),))


def _no_code(state: MemberHome, event: DeskRefused | DeskUnreachable) -> Step:
    if isinstance(event, DeskRefused) and event.reason == VISIT_OVER:
        return Step(MemberUnavailable(state.visitor, VISIT_OVER))
    # The page works without; an old code would only be refused somewhere else.
    is_final = isinstance(event, DeskRefused) and event.reason == NEEDS_HOLDER
    return Step(replace(state, code=""), () if is_final else (Wait(NEXT_CODE, CODE_RETRY_S),))


def _next_code(state: MemberHome, event: TimeIsUp) -> Step:
    return Step(state, (MakeCode(state.visitor.visit_token),)) if event.name == NEXT_CODE else Step(state)


def _failed(state: LoadingMember, event: DeskRefused) -> Step:
    return Step(MemberUnavailable(state.visitor, event.reason))


def _again(state: MemberUnavailable, _event: RetryChosen) -> Step:
    return Step(LoadingMember(state.visitor), (LoadMember(state.visitor.visit_token),))


def is_card_lost(membership: Membership) -> bool:
    """Tell whether the card was reported lost and a new one is still to be written."""
    return membership.card is not None and membership.card.standing is CardStanding.LOST


def awaits_phone(membership: Membership) -> bool:
    """Tell whether the first card is still to be fetched, and the phone must be proved for it."""
    return membership.application_state is ApplicationState.CARD_PENDING and not membership.issue_grant


def _take_card(state: MemberHome, _event: TakeCardChosen) -> Step:
    if is_card_lost(state.membership):
        return Step(state, (Go(ToLostCard(state.visitor)),))
    if awaits_phone(state.membership):
        return Step(state, (Go(ToSignIn(by_phone=True)),))
    grant = state.membership.issue_grant
    return Step(state, (Go(ToIssueCard(grant)),)) if grant else Step(state)


def _errand(state: MemberHome, event: ErrandChosen) -> Step:
    return Step(state, (Go(PLACES[event.errand](state.visitor, state.membership)),))


def _menu(state: Any, _event: Any) -> Step:
    return Step(state, (Go(ToMenu()),))


MEMBER = Flow(
    name="member",
    states=(LoadingMember, MemberHome, MemberUnavailable),
    events=(*COMMON_EVENTS, MemberLoaded, CodeMade, NewsLoaded, TakeCardChosen, ErrandChosen),
    rules={
        (LoadingMember, MemberLoaded): _loaded,
        (LoadingMember, DeskRefused): _failed,
        (LoadingMember, DeskUnreachable): lambda state, _event: Step(MemberUnavailable(state.visitor, UNREACHABLE)),
        (MemberHome, CodeMade): _code_made,
        (MemberHome, NewsLoaded): lambda state, event: Step(replace(state, news=event.news)),
        (MemberHome, DeskRefused): _no_code,
        (MemberHome, DeskUnreachable): _no_code,
        (MemberHome, TimeIsUp): _next_code,
        (MemberHome, TakeCardChosen): _take_card,
        (MemberHome, ErrandChosen): _errand,
        (MemberHome, Back): _menu,
        (MemberUnavailable, RetryChosen): _again,
        (MemberUnavailable, Continued): _menu,
        (MemberUnavailable, Back): _menu,
    },
)
