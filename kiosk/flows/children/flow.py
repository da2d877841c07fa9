"""A guardian's children as a table.

What may never happen: a child's pages open, or a membership ends, for somebody who only holds the guardian's card. The centre refuses it,
and this table offers the phone instead.
"""

from __future__ import annotations

from typing import Any, assert_never

from kiosk.flows.children.state import (
    AddChildChosen,
    Asked,
    ChildChosen,
    ChildOpened,
    ChildrenFailed,
    ChildrenLoaded,
    ChildrenShown,
    ChildShown,
    ConfirmingWithdrawal,
    ConsentTakenBack,
    ConsentWithdrawn,
    LoadChildren,
    LoadingChildren,
    OpenChild,
    OpenChosen,
    OpeningChild,
    PhoneChosen,
    TakeConsentBack,
    WithdrawChosen,
    WithdrawingConsent,
)
from kiosk.flows.phone_proof.flow import UNREACHABLE
from kiosk.flows.places import ToMember, ToMenu, ToRegister, ToSignIn
from kiosk.flows.register.state import PrintChosen, SlipFailed, SlipPrinted
from kiosk.flows.slips import deed, prove, slip_rules
from kiosk.flows.step import COMMON_EVENTS, Back, Continued, DeskRefused, DeskUnreachable, Flow, Go, RetryChosen, Step
from kiosk.ports.values import Reason, Visitor

VISIT_OVER = Reason("VISIT_OVER")


def load(visitor: Visitor) -> Step:
    """Return the first step."""
    return ask(LoadingChildren(visitor))


def ask(asked: Asked) -> Step:
    """Return the step that asks the centre."""
    token = asked.visitor.visit_token
    match asked:
        case LoadingChildren():
            return Step(asked, (LoadChildren(token),))
        case OpeningChild(child=child):
            return Step(asked, (OpenChild(token, child.link_id),))
        case WithdrawingConsent(child=child):
            return Step(asked, (TakeConsentBack(token, child.link_id),))
        case _:
            assert_never(asked)


def _chosen(state: ChildrenShown, event: ChildChosen) -> Step:
    chosen = [child for child in state.children.children if child.link_id == event.link_id]
    if not chosen or not chosen[0].is_member or not state.children.may_act:
        return Step(state)
    return Step(ChildShown(state.visitor, state.children, chosen[0]))


def _by_phone(state: ChildrenShown, _event: PhoneChosen) -> Step:
    return Step(state, (Go(ToSignIn(by_phone=True)),))


def _back_to_list(state: ChildShown | ConfirmingWithdrawal, _event: Any) -> Step:
    return Step(ChildrenShown(state.visitor, state.children))


def _opened(state: OpeningChild, event: ChildOpened) -> Step:
    return Step(state, (Go(ToMember(event.child)),))


def _withdraw(state: ConfirmingWithdrawal, _event: Continued) -> Step:
    return ask(WithdrawingConsent(state.visitor, state.children, state.child))


def _leave(state: Any, _event: Any = None) -> Step:
    is_over = isinstance(state, ChildrenFailed) and state.reason == VISIT_OVER
    return Step(state, (Go(ToMenu() if is_over else ToMember(state.visitor)),))


_ASKED = (LoadingChildren, OpeningChild, WithdrawingConsent)

CHILDREN = Flow(
    name="children",
    states=(*_ASKED, ChildrenShown, ChildShown, ConfirmingWithdrawal, ConsentWithdrawn, ChildrenFailed),
    events=(
        *COMMON_EVENTS,
        ChildrenLoaded,
        ChildChosen,
        AddChildChosen,
        PhoneChosen,
        OpenChosen,
        WithdrawChosen,
        ChildOpened,
        ConsentTakenBack,
        PrintChosen,
        SlipPrinted,
        SlipFailed,
    ),
    rules={
        (LoadingChildren, ChildrenLoaded): lambda state, event: Step(ChildrenShown(state.visitor, event.children)),
        (ChildrenShown, ChildChosen): _chosen,
        (ChildrenShown, AddChildChosen): lambda state, _event: Step(state, (Go(ToRegister(state.visitor)),)),
        (ChildrenShown, PhoneChosen): _by_phone,
        (ChildrenShown, Back): _leave,
        (ChildShown, OpenChosen): lambda state, _event: ask(OpeningChild(state.visitor, state.children, state.child)),
        (ChildShown, WithdrawChosen): lambda state, _event: Step(ConfirmingWithdrawal(state.visitor, state.children, state.child)),
        (ChildShown, Back): _back_to_list,
        (OpeningChild, ChildOpened): _opened,
        (ConfirmingWithdrawal, Continued): _withdraw,
        (ConfirmingWithdrawal, Back): _back_to_list,
        (WithdrawingConsent, ConsentTakenBack): lambda state, event: prove(ConsentWithdrawn(state.visitor), event.receipt),
        **slip_rules(ConsentWithdrawn, deed),
        (ConsentWithdrawn, Continued): lambda state, _event: load(state.visitor),
        (ConsentWithdrawn, Back): _leave,
        **{(asked, DeskRefused): lambda state, event: Step(ChildrenFailed(state, event.reason)) for asked in _ASKED},
        **{(asked, DeskUnreachable): lambda state, _event: Step(ChildrenFailed(state, UNREACHABLE)) for asked in _ASKED},
        (ChildrenFailed, RetryChosen): lambda state, _event: ask(state.asked),
        (ChildrenFailed, Continued): _leave,
        (ChildrenFailed, Back): _leave,
    },
)
