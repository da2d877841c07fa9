"""Messages of the member's benefits."""

from __future__ import annotations

from kiosk.flows.benefits.state import AskingGift, BenefitsUnavailable, GiftRefused, LoadingBenefits
from kiosk.flows.phone_proof.flow import UNREACHABLE
from kiosk.flows.step import Continued
from kiosk.texts import Texts
from screens.coupons.messages import RETRY, TO_MEMBER
from screens.frame.message import Choice, Message, Table, reason_help, reason_title

TO_BENEFITS = Choice("message.benefits", "benefits.to_benefits", Continued())


def _loading(_state: LoadingBenefits, tr: Texts) -> Message:
    return Message(tr("benefits.loading"), tr("member.loading.body"), "gift", "violet")


def _asking(_state: AskingGift, tr: Texts) -> Message:
    return Message(tr("benefits.asking"), tr("member.loading.body"), "gift", "violet")


def _refused(state: GiftRefused, tr: Texts) -> Message:
    why = reason_title(tr, state.reason)
    first, second = (RETRY, TO_BENEFITS) if state.reason == UNREACHABLE else (TO_BENEFITS, None)
    return Message(tr("benefits.refused"), reason_help(tr, state.reason), "gift", "warn", "", why, "info", first, second)


def _unavailable(state: BenefitsUnavailable, tr: Texts) -> Message:
    why = reason_title(tr, state.reason)
    return Message(tr("member.unavailable"), reason_help(tr, state.reason), "cloud-slash", "warn", "", why, "info", RETRY, TO_MEMBER)


MESSAGES: Table = {
    LoadingBenefits: _loading,
    AskingGift: _asking,
    GiftRefused: _refused,
    BenefitsUnavailable: _unavailable,
}
