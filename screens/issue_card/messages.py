"""Messages of writing a card: where it goes, what went wrong with it, what to do with it now."""

from __future__ import annotations

from kiosk.flows.issue_card.state import (
    ActivationUncertain,
    CardPulled,
    CardSpoiled,
    GivingUp,
    Interrupted,
    IssueRefused,
    WaitingForBlank,
    WrongCard,
)
from kiosk.flows.phone_proof.flow import UNREACHABLE
from kiosk.flows.step import Back, Continued, RetryChosen
from kiosk.ports.values import Reason
from kiosk.texts import Texts
from screens.frame.message import Choice, Message, Table, reason_help, reason_title

CARD_STEP = 5
SPOILED = Reason("CARD_SPOILED")
LATER = Choice("blank.later", "blank.later", Back())
RETRY = Choice("message.retry", "interrupted.retry", RetryChosen(), "arrow-counter-clockwise")


def _blank(_state: WaitingForBlank, tr: Texts) -> Message:
    return Message(
        tr("blank.title"), tr("blank.body"), pose="lay", note=tr("blank.note"), note_icon="check-circle", secondary=LATER, step=CARD_STEP
    )


def _pulled(_state: CardPulled, tr: Texts) -> Message:
    lost = Choice("pulled.give_up", "pulled.give_up", Back())
    return Message(
        tr("pulled.title"),
        tr("pulled.body"),
        pose="lay",
        note=tr("pulled.note"),
        note_icon="clock-countdown",
        secondary=lost,
        step=CARD_STEP,
    )


def _wrong(state: WrongCard, tr: Texts) -> Message:
    title, body = reason_title(tr, state.reason), reason_help(tr, state.reason)
    return Message(title, body, pose="wrong", note=tr("wrong.note"), note_icon="info", secondary=LATER, step=CARD_STEP)


def _activation_uncertain(_state: ActivationUncertain, tr: Texts) -> Message:
    title, body = tr("activation.uncertain.title"), tr("activation.uncertain.body")
    return Message(title, body, pose="on", primary=RETRY, secondary=LATER, step=CARD_STEP)


def _interrupted(state: Interrupted, tr: Texts) -> Message:
    stop = Choice("interrupted.give_up", "interrupted.give_up", Back())
    return Message(
        tr("interrupted.title"),
        reason_help(tr, state.reason),
        pose="lay",
        note=tr("interrupted.note"),
        note_icon="check-circle",
        primary=RETRY,
        secondary=stop,
        step=CARD_STEP,
    )


def _giving_up(_state: GivingUp, tr: Texts) -> Message:
    return Message(tr("giving_up.title"), tr("giving_up.body"), "credit-card", "blue", step=CARD_STEP)


def _spoiled(state: CardSpoiled, tr: Texts) -> Message:
    again = Choice("spoiled.again", "spoiled.again", Continued())
    later = Choice("spoiled.later", "spoiled.later", Back())
    # That the centre was not reached is nothing to try again for: this card goes to staff, and the centre keeps the issue open.
    about = SPOILED if state.reason == UNREACHABLE else state.reason
    return Message(
        tr("spoiled.title"),
        reason_help(tr, about),
        pose="wrong",
        note=tr("spoiled.note"),
        note_icon="shield-check",
        primary=again,
        secondary=later,
        step=CARD_STEP,
    )


def _refused(state: IssueRefused, tr: Texts) -> Message:
    home = Choice("message.home", "button.home", Continued())
    why = reason_title(tr, state.reason)
    return Message(tr("refused.title"), reason_help(tr, state.reason), "warning-circle", "warn", "", why, "info", home, step=CARD_STEP)


MESSAGES: Table = {
    WaitingForBlank: _blank,
    CardPulled: _pulled,
    WrongCard: _wrong,
    ActivationUncertain: _activation_uncertain,
    Interrupted: _interrupted,
    GivingUp: _giving_up,
    CardSpoiled: _spoiled,
    IssueRefused: _refused,
}
