"""Signing in as a table."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from kiosk.flows.issue_card.state import LookAtReader
from kiosk.flows.lost.state import FoundChosen
from kiosk.flows.phone_proof.flow import PHONE_PROOF, UNREACHABLE
from kiosk.flows.phone_proof.state import AskingMobile, PhoneLeft, PhoneProved
from kiosk.flows.places import ToFoundCard, ToIssueCard, ToMember, ToMenu, ToScan
from kiosk.flows.sign_in.state import (
    CardUnfinished,
    CardUnreadable,
    IdentifyByPhone,
    Identifying,
    MemberIdentified,
    NotIdentified,
    PhoneChosen,
    ReadCard,
    ReadingCard,
    ScanChosen,
    SigningInByPhone,
    WaitingForCard,
)
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
    Step,
)
from kiosk.ports.values import CodePurpose, Reason

CARD_LOST = Reason("CARD_LOST")


def _card(_state: Any, event: CardInserted) -> Step:
    return Step(ReadingCard(event.card), (ReadCard(event.card, 0),))


def _trouble(_state: Any, event: CardTrouble) -> Step:
    return Step(NotIdentified(event.reason, by_card=True))


def _identified(state: Any, event: MemberIdentified) -> Step:
    return Step(state, (Go(ToMember(event.visitor)),))


def _unfinished(state: ReadingCard, _event: CardUnfinished) -> Step:
    return Step(state, (Go(ToIssueCard("", resume=True)),))


def _unreadable(_state: ReadingCard, event: CardUnreadable) -> Step:
    return Step(NotIdentified(event.reason, by_card=True))


def _card_refused(_state: ReadingCard, event: DeskRefused) -> Step:
    return Step(NotIdentified(event.reason, by_card=True, on_day=event.on_day))


def _found(state: NotIdentified, _event: FoundChosen) -> Step:
    return Step(state, (Go(ToFoundCard()),)) if state.reason == CARD_LOST else Step(state)


def _phone(state: SigningInByPhone, event: Any) -> Step:
    inner = PHONE_PROOF.step(state.phone, event)
    match inner.state:
        case PhoneProved(phone_proof=phone_proof):
            return Step(Identifying(phone_proof), (*inner.effects, IdentifyByPhone(phone_proof)))
        case PhoneLeft():
            return Step(WaitingForCard(), (LookAtReader(),))
        case _:
            return Step(replace(state, phone=inner.state), inner.effects)


def _menu(state: Any, _event: Any) -> Step:
    return Step(state, (Go(ToMenu()),))


def _start_again(_state: NotIdentified, _event: Any) -> Step:
    return Step(WaitingForCard(), (LookAtReader(),))


def _card_taken(state: NotIdentified, _event: CardRemoved) -> Step:
    return Step(WaitingForCard()) if state.by_card else Step(state)


def by_phone() -> Step:
    """Return the step that asks for the phone number."""
    return Step(SigningInByPhone(AskingMobile(CodePurpose.SIGN_IN)))


def _by_phone(_state: Any, _event: PhoneChosen) -> Step:
    return by_phone()


def _scan(state: Any, _event: ScanChosen) -> Step:
    return Step(state, (Go(ToScan()),))


_PHONE_RULES: dict[tuple[type, type], Any] = {(SigningInByPhone, event): _phone for event in PHONE_PROOF.events}

SIGN_IN = Flow(
    name="sign_in",
    states=(WaitingForCard, ReadingCard, SigningInByPhone, Identifying, NotIdentified),
    events=tuple(
        dict.fromkeys(
            (*COMMON_EVENTS, *PHONE_PROOF.events, PhoneChosen, ScanChosen, FoundChosen, MemberIdentified, CardUnfinished, CardUnreadable)
        )
    ),
    rules={
        **_PHONE_RULES,
        (WaitingForCard, CardInserted): _card,
        (WaitingForCard, CardTrouble): _trouble,
        (WaitingForCard, PhoneChosen): _by_phone,
        (WaitingForCard, ScanChosen): _scan,
        (WaitingForCard, Back): _menu,
        (ReadingCard, MemberIdentified): _identified,
        (ReadingCard, CardUnfinished): _unfinished,
        (ReadingCard, CardUnreadable): _unreadable,
        (ReadingCard, DeskRefused): _card_refused,
        (ReadingCard, DeskUnreachable): lambda _state, _event: Step(NotIdentified(UNREACHABLE, by_card=True)),
        (Identifying, MemberIdentified): _identified,
        (Identifying, DeskRefused): lambda _state, event: Step(NotIdentified(event.reason, by_card=False)),
        (Identifying, DeskUnreachable): lambda _state, _event: Step(NotIdentified(UNREACHABLE, by_card=False)),
        # The card may have left while it was read: then its removal was told before the screen that asks for it again.
        (NotIdentified, CardInserted): _card,
        (NotIdentified, CardRemoved): _card_taken,
        (NotIdentified, CardTrouble): _trouble,
        (NotIdentified, PhoneChosen): _by_phone,
        (NotIdentified, FoundChosen): _found,
        (NotIdentified, RetryChosen): _start_again,
        (NotIdentified, Continued): _menu,
        (NotIdentified, Back): _menu,
    },
)
