"""Messages of redeeming."""

from __future__ import annotations

from kiosk.flows.phone_proof.flow import UNREACHABLE
from kiosk.flows.rewards.state import (
    AskingForCode,
    AskingUndo,
    CancellingRedeem,
    CardStanding,
    CodeNotSent,
    LoadingRedemptions,
    LoadingRewards,
    LookingForAlternative,
    NothingSpent,
    Redeeming,
    RedeemUncertain,
    RewardsUnavailable,
    Undoing,
    Undone,
    UndoRefused,
)
from kiosk.flows.step import Back, Continued, RetryChosen
from kiosk.texts import Texts
from screens.frame.done import Done
from screens.frame.done import Table as DoneTable
from screens.frame.message import Choice, Message, Table, reason_help, reason_title

RETRY = Choice("message.retry", "button.retry", RetryChosen(), "arrow-counter-clockwise")
TO_MEMBER = Choice("message.home", "perks.to_member", Continued())
TO_CATALOGUE = Choice("message.catalogue", "rewards.to_catalogue", Continued(), "gift")
HOME = Choice("message.home", "perks.to_member", Back())


def _loading(_state: LoadingRewards, tr: Texts) -> Message:
    return Message(tr("rewards.loading"), tr("member.loading.body"), "gift", "red")


def _listing(_state: LoadingRedemptions, tr: Texts) -> Message:
    return Message(tr("history.loading"), tr("member.loading.body"), "gift", "red")


def _looking(_state: LookingForAlternative, tr: Texts) -> Message:
    return Message(tr("rewards.looking"), tr("member.loading.body"), "gift", "gold")


def _sending(_state: AskingForCode, tr: Texts) -> Message:
    return Message(tr("rewards.code"), tr("rewards.code.body"), "device-mobile", "blue")


def _not_sent(state: CodeNotSent, tr: Texts) -> Message:
    why = reason_title(tr, state.reason)
    later = Choice("message.back", "rewards.back", Continued())
    return Message(tr("rewards.code.failed"), reason_help(tr, state.reason), "device-mobile", "warn", "", why, "info", RETRY, later)


def _redeeming(_state: Redeeming, tr: Texts) -> Message:
    return Message(tr("rewards.redeeming"), tr("rewards.redeeming.body"), "gift", "red")


def _uncertain(_state: RedeemUncertain, tr: Texts) -> Message:
    again = Choice("message.retry", "rewards.uncertain.retry", RetryChosen(), "arrow-counter-clockwise")
    give_up = Choice("message.give_up", "rewards.uncertain.give_up", Continued())
    return Message(tr("rewards.uncertain"), tr("rewards.uncertain.body"), "cloud-slash", "warn", "", "", "info", again, give_up)


def _closing(_state: CancellingRedeem, tr: Texts) -> Message:
    return Message(tr("rewards.closing"), tr("rewards.redeeming.body"), "hourglass-medium", "gold")


def _nothing_spent(_state: NothingSpent, tr: Texts) -> Message:
    return Message(tr("rewards.nothing_spent"), tr("rewards.nothing_spent.body"), "coins", "green", "", "", "info", TO_CATALOGUE, HOME)


def _ask_undo(state: AskingUndo, tr: Texts) -> Message:
    own = state.shown.own
    body = tr("undo.ask.body", count=f"{own.redemption.points:,}", title=own.title)
    undo = Choice("message.undo", "undo.yes", Continued(), "arrow-counter-clockwise")
    return Message(tr("undo.ask"), body, "arrow-counter-clockwise", "gold", "", "", "info", undo, Choice("message.keep", "undo.no", Back()))


def _undoing(_state: Undoing, tr: Texts) -> Message:
    return Message(tr("undo.busy"), tr("rewards.redeeming.body"), "arrow-counter-clockwise", "gold")


def _undo_refused(state: UndoRefused, tr: Texts) -> Message:
    why, to_list = reason_title(tr, state.reason), Choice("message.list", "redemption.to_list", Continued())
    if state.reason == UNREACHABLE:
        return Message(tr("undo.uncertain"), reason_help(tr, state.reason), "cloud-slash", "warn", "", why, "info", RETRY, to_list)
    return Message(tr("undo.refused"), reason_help(tr, state.reason), "gift", "warn", "", why, "info", to_list)


def _undone(state: Undone, tr: Texts) -> Done:
    done = state.redemption
    body = tr("undo.done.body", count=f"{done.points:,}", available=f"{done.available:,}")
    note = "" if state.card is CardStanding.NONE else tr(f"redemption.card.{state.card}")
    return Done(tr("undo.done"), body, TO_CATALOGUE, HOME, note, "identification-card")


def _unavailable(state: RewardsUnavailable, tr: Texts) -> Message:
    why = reason_title(tr, state.reason)
    return Message(tr("rewards.unavailable"), reason_help(tr, state.reason), "cloud-slash", "warn", "", why, "info", RETRY, TO_MEMBER)


MESSAGES: Table = {
    LoadingRewards: _loading,
    LoadingRedemptions: _listing,
    LookingForAlternative: _looking,
    AskingForCode: _sending,
    CodeNotSent: _not_sent,
    Redeeming: _redeeming,
    RedeemUncertain: _uncertain,
    CancellingRedeem: _closing,
    NothingSpent: _nothing_spent,
    AskingUndo: _ask_undo,
    Undoing: _undoing,
    UndoRefused: _undo_refused,
    RewardsUnavailable: _unavailable,
}

DONE: DoneTable = {Undone: _undone}
