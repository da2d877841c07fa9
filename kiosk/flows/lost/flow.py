"""Lost and found cards as a table.

What may never happen: a card is reported lost by somebody who only holds it (the centre refuses it, and this table asks for the
phone first); a finder learns whose card it is; a report is taken back once a new card was begun.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, assert_never

from kiosk.flows.issue_card.state import LookAtReader
from kiosk.flows.lost.state import (
    Asked,
    AskingReplacement,
    AskingTurnIn,
    AskingWhich,
    AskReplacement,
    CardLoaded,
    CardLost,
    CardTurnedIn,
    ExplainingLoss,
    FoundChosen,
    IdentifyingHolder,
    LoadCard,
    LoadingCard,
    LossChosen,
    LossFailed,
    LossReported,
    LossTakenBack,
    LossWithdrawn,
    NewCardChosen,
    NoCardYet,
    ProvingHolder,
    ReplacementGranted,
    ReportingLoss,
    ReportLoss,
    TurnInCard,
    TurnInFailed,
    TurningIn,
    TurnInNoted,
    WaitingForFound,
    WithdrawingLoss,
    WithdrawLoss,
    WithdrawLossChosen,
)
from kiosk.flows.phone_proof.flow import PHONE_PROOF, UNREACHABLE
from kiosk.flows.phone_proof.state import AskingMobile, PhoneLeft, PhoneProved
from kiosk.flows.places import ToIssueCard, ToMember, ToMenu
from kiosk.flows.register.state import PrintChosen, SlipFailed, SlipPrinted
from kiosk.flows.sign_in.state import IdentifyByPhone, MemberIdentified
from kiosk.flows.slips import deed, prove, slip_rules
from kiosk.flows.step import (
    COMMON_EVENTS,
    Back,
    CardInserted,
    CardRemoved,
    CardTrouble,
    Continued,
    DeskRefused,
    DeskUnreachable,
    Flow,
    Go,
    RetryChosen,
    StaffWanted,
    Step,
)
from kiosk.ports.own_card import CardStanding
from kiosk.ports.values import CodePurpose, Reason, Visitor

VISIT_OVER = Reason("VISIT_OVER")


def begin(visitor: Visitor | None) -> Step:
    """Return the first step: a member who came by the own pages is not asked whether a card was lost or found."""
    return Step(AskingWhich()) if visitor is None else ask(LoadingCard(visitor))


def look_for_found() -> Step:
    """Return the first step of handing in; a card that lies there is seen at once."""
    return Step(WaitingForFound(), (LookAtReader(),))


def ask(asked: Asked) -> Step:
    """Return the step that asks the centre."""
    match asked:
        case IdentifyingHolder(phone_proof=phone_proof):
            return Step(asked, (IdentifyByPhone(phone_proof),))
        case LoadingCard(visitor=visitor):
            return Step(asked, (LoadCard(visitor.visit_token),))
        case ReportingLoss(visitor=visitor):
            return Step(asked, (ReportLoss(visitor.visit_token),))
        case WithdrawingLoss(visitor=visitor):
            return Step(asked, (WithdrawLoss(visitor.visit_token),))
        case AskingReplacement(visitor=visitor):
            return Step(asked, (AskReplacement(visitor.visit_token),))
        case _:
            assert_never(asked)


def _prove(visitor: Visitor | None) -> Step:
    return Step(ProvingHolder(AskingMobile(CodePurpose.SIGN_IN), visitor))


def _phone(state: ProvingHolder, event: Any) -> Step:
    inner = PHONE_PROOF.step(state.phone, event)
    match inner.state:
        case PhoneProved(phone_proof=phone_proof):
            asking = ask(IdentifyingHolder(phone_proof, state.visitor))
            return Step(asking.state, (*inner.effects, *asking.effects))
        case PhoneLeft():
            return _leave(state) if state.visitor else Step(AskingWhich())
        case _:
            return Step(replace(state, phone=inner.state), inner.effects)


def _identified(_state: IdentifyingHolder, event: MemberIdentified) -> Step:
    return ask(LoadingCard(event.visitor))


def _loaded(state: LoadingCard, event: CardLoaded) -> Step:
    if event.card.standing is CardStanding.NONE:
        return Step(NoCardYet(state.visitor))
    if not event.card.is_holder_proved:
        return _prove(state.visitor)
    shown = CardLost if event.card.standing is CardStanding.LOST else ExplainingLoss
    return Step(shown(state.visitor, event.card))


def _report(state: ExplainingLoss, _event: Continued) -> Step:
    return ask(ReportingLoss(state.visitor, state.card))


def _reported(state: ReportingLoss, event: LossReported) -> Step:
    card = replace(state.card, standing=CardStanding.LOST, lost_on=event.lost_on, may_withdraw=True)
    return prove(CardLost(state.visitor, card), event.receipt)


def _withdraw(state: CardLost, _event: WithdrawLossChosen) -> Step:
    return ask(WithdrawingLoss(state.visitor, state.card)) if state.card.may_withdraw else Step(state)


def _new_card(state: CardLost, _event: NewCardChosen) -> Step:
    return Step(state) if state.card.fee_fen else ask(AskingReplacement(state.visitor, state.card))


def _granted(state: AskingReplacement, event: ReplacementGranted) -> Step:
    return Step(state, (Go(ToIssueCard(event.grant)),))


def _refused(state: Asked, event: DeskRefused) -> Step:
    return Step(LossFailed(state, event.reason))


def _unreachable(state: Asked, _event: DeskUnreachable) -> Step:
    return Step(LossFailed(state, UNREACHABLE))


def _again(state: LossFailed, _event: RetryChosen) -> Step:
    return ask(state.asked)


def _leave(state: Any, _event: Any = None) -> Step:
    is_over = isinstance(state, LossFailed) and state.reason == VISIT_OVER
    return Step(state, (Go(ToMenu() if state.visitor is None or is_over else ToMember(state.visitor)),))


def _menu(state: Any, _event: Any) -> Step:
    return Step(state, (Go(ToMenu()),))


# Found cards.


def _laid(_state: Any, event: CardInserted) -> Step:
    return Step(AskingTurnIn(event.card))


def _turn_in(state: AskingTurnIn | TurnInFailed, _event: Any) -> Step:
    return Step(TurningIn(state.card), (TurnInCard(state.card),))


_PHONE_RULES: dict[tuple[type, type], Any] = {(ProvingHolder, event): _phone for event in PHONE_PROOF.events}
_ASKED = (IdentifyingHolder, LoadingCard, ReportingLoss, WithdrawingLoss, AskingReplacement)

LOST = Flow(
    name="lost",
    states=(
        AskingWhich,
        ProvingHolder,
        *_ASKED,
        ExplainingLoss,
        CardLost,
        LossWithdrawn,
        NoCardYet,
        LossFailed,
        WaitingForFound,
        AskingTurnIn,
        TurningIn,
        CardTurnedIn,
        TurnInFailed,
    ),
    events=tuple(
        dict.fromkeys(
            (
                *COMMON_EVENTS,
                *PHONE_PROOF.events,
                LossChosen,
                FoundChosen,
                MemberIdentified,
                CardLoaded,
                LossReported,
                WithdrawLossChosen,
                LossTakenBack,
                NewCardChosen,
                ReplacementGranted,
                TurnInNoted,
                PrintChosen,
                SlipPrinted,
                SlipFailed,
            )
        )
    ),
    rules={
        **_PHONE_RULES,
        (AskingWhich, LossChosen): lambda _state, _event: _prove(None),
        (AskingWhich, FoundChosen): lambda _state, _event: look_for_found(),
        (AskingWhich, Back): _menu,
        (IdentifyingHolder, MemberIdentified): _identified,
        (LoadingCard, CardLoaded): _loaded,
        (ExplainingLoss, Continued): _report,
        (ExplainingLoss, Back): _leave,
        (ReportingLoss, LossReported): _reported,
        (CardLost, NewCardChosen): _new_card,
        (CardLost, WithdrawLossChosen): _withdraw,
        (CardLost, Continued): _leave,
        (CardLost, Back): _leave,
        (WithdrawingLoss, LossTakenBack): lambda state, event: prove(LossWithdrawn(state.visitor), event.receipt),
        **slip_rules(CardLost, deed),
        **slip_rules(LossWithdrawn, deed),
        (LossWithdrawn, Continued): _leave,
        (LossWithdrawn, Back): _leave,
        (AskingReplacement, ReplacementGranted): _granted,
        (NoCardYet, Continued): _leave,
        (NoCardYet, Back): _leave,
        **{(asked, DeskRefused): _refused for asked in _ASKED},
        **{(asked, DeskUnreachable): _unreachable for asked in _ASKED},
        (LossFailed, RetryChosen): _again,
        (LossFailed, Continued): _leave,
        (LossFailed, Back): _leave,
        (WaitingForFound, CardInserted): _laid,
        (WaitingForFound, CardTrouble): lambda _state, event: Step(WaitingForFound(event.reason)),
        (WaitingForFound, CardRemoved): lambda _state, _event: Step(WaitingForFound()),
        (WaitingForFound, Back): _menu,
        (AskingTurnIn, Continued): _turn_in,
        # Whoever takes it away again hands nothing in.
        (AskingTurnIn, CardRemoved): lambda _state, _event: Step(WaitingForFound()),
        (AskingTurnIn, CardInserted): _laid,
        (AskingTurnIn, Back): _menu,
        (TurningIn, TurnInNoted): lambda _state, _event: Step(CardTurnedIn(), (StaffWanted(),)),
        (TurningIn, DeskRefused): lambda state, event: Step(TurnInFailed(state.card, event.reason)),
        (TurningIn, DeskUnreachable): lambda state, _event: Step(TurnInFailed(state.card, UNREACHABLE)),
        (CardTurnedIn, Continued): _menu,
        (CardTurnedIn, Back): _menu,
        (TurnInFailed, RetryChosen): _turn_in,
        (TurnInFailed, Continued): _menu,
        (TurnInFailed, Back): _menu,
    },
)
