"""Made-up views of lost and found cards for pictures and for the check of layouts. No real person is in them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from kiosk.flows.lost.state import (
    AskingReplacement,
    AskingTurnIn,
    AskingWhich,
    CardLost,
    CardTurnedIn,
    ExplainingLoss,
    IdentifyingHolder,
    LoadingCard,
    LossFailed,
    LossWithdrawn,
    NoCardYet,
    ProvingHolder,
    ReportingLoss,
    TurnInFailed,
    TurningIn,
    WaitingForFound,
    WithdrawingLoss,
)
from kiosk.flows.phone_proof.state import AskingMobile
from kiosk.ports.own_card import CardStanding, OwnCard
from kiosk.ports.values import CardSeen, CodePurpose, Reason, Receipt, StaffCall, Visitor

Row = tuple[str, Any, dict[str, Any]]

VISITOR = Visitor("visit", "欧阳**")
CARD = CardSeen(bytes.fromhex("04a1b2c3d4e5f6"), b"")
UNREACHABLE = Reason("UNREACHABLE")
ACTIVE = OwnCard(CardStanding.ACTIVE)
RECEIPT = Receipt("K03-0187", "HR1:" + "7KQ2MXRT4" * 28)
LOST = OwnCard(CardStanding.LOST, "2026-11-25", may_withdraw=True)


def lost_states() -> Iterable[Row]:
    """Return the views: label, state and change of what surrounds it."""
    yield "lost-which", AskingWhich(), {}
    yield "lost-proving", ProvingHolder(AskingMobile(CodePurpose.SIGN_IN)), {}
    yield "lost-identifying", IdentifyingHolder("proof"), {}
    yield "lost-loading", LoadingCard(VISITOR), {}
    yield "lost-explain", ExplainingLoss(VISITOR, ACTIVE), {}
    yield "lost-explain-fee", ExplainingLoss(VISITOR, replace(ACTIVE, fee_fen=1050)), {}
    yield "lost-reporting", ReportingLoss(VISITOR, ACTIVE), {}
    reported = CardLost(VISITOR, LOST, RECEIPT, "printing")
    yield "lost-done", reported, {}
    yield "lost-done-copied", replace(reported, slip="printed", is_copy=True), {}
    yield "lost-done-failed", replace(reported, slip="failed"), {"printer_ok": False}
    yield "lost-done-unknown", replace(reported, slip="unknown"), {}
    yield "lost-earlier", CardLost(VISITOR, replace(LOST, may_withdraw=False)), {}
    yield "lost-done-fee", CardLost(VISITOR, replace(LOST, fee_fen=1000), RECEIPT, "failed"), {"printer_ok": False}
    yield "lost-no-reader", CardLost(VISITOR, LOST), {"card_ok": False}
    yield "lost-withdrawing", WithdrawingLoss(VISITOR, LOST), {}
    yield "lost-withdrawn", LossWithdrawn(VISITOR, RECEIPT, "printed"), {}
    yield "lost-withdrawn-failed", LossWithdrawn(VISITOR, RECEIPT, "failed"), {"printer_ok": False}
    yield "lost-withdrawn-unproved", LossWithdrawn(VISITOR), {}
    yield "lost-asking", AskingReplacement(VISITOR, LOST), {}
    yield "lost-none", NoCardYet(VISITOR), {}
    yield "lost-unreachable", LossFailed(ReportingLoss(VISITOR, ACTIVE), UNREACHABLE), {"is_linked": False}
    yield "lost-final", LossFailed(WithdrawingLoss(VISITOR, LOST), Reason("LOSS_FINAL")), {}
    yield "lost-open", LossFailed(AskingReplacement(VISITOR, LOST), Reason("REPLACEMENT_OPEN")), {}
    yield "lost-unknown", LossFailed(IdentifyingHolder("proof"), Reason("MEMBER_UNKNOWN")), {}
    yield "found-waiting", WaitingForFound(), {}
    yield "found-two", WaitingForFound(Reason("CARD_SEVERAL")), {}
    yield "found-asking", AskingTurnIn(CARD), {}
    yield "found-turning-in", TurningIn(CARD), {}
    yield "found-turned-in", CardTurnedIn(), {"staff_call": StaffCall.WAITING}
    yield "found-failed", TurnInFailed(CARD, UNREACHABLE), {"is_linked": False}
    yield "found-unknown", TurnInFailed(CARD, Reason("CARD_UNKNOWN")), {}
