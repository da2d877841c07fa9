"""Messages of the member's coupons."""

from __future__ import annotations

from kiosk.flows.coupons.state import ClaimingCoupon, CouponRefused, CouponsUnavailable, LoadingCoupons, OpeningCoupon
from kiosk.flows.phone_proof.flow import UNREACHABLE
from kiosk.flows.sign_in.state import PhoneChosen
from kiosk.flows.step import Continued, RetryChosen
from kiosk.ports.values import Reason
from kiosk.texts import Texts
from screens.frame.message import Choice, Message, Table, reason_help, reason_title

NEEDS_HOLDER = Reason("HOLDER_PROOF")
RETRY = Choice("message.retry", "button.retry", RetryChosen(), "arrow-counter-clockwise")
TO_MEMBER = Choice("message.home", "perks.to_member", Continued())
BY_PHONE = Choice("message.by_phone", "sign_in.phone", PhoneChosen(), "device-mobile")
TO_LIST = Choice("message.list", "coupons.to_list", Continued())


def _loading(_state: LoadingCoupons, tr: Texts) -> Message:
    return Message(tr("coupons.loading"), tr("member.loading.body"), "ticket", "red")


def _claiming(_state: ClaimingCoupon, tr: Texts) -> Message:
    return Message(tr("coupons.claiming"), tr("member.loading.body"), "ticket", "red")


def _opening(_state: OpeningCoupon, tr: Texts) -> Message:
    return Message(tr("coupons.opening"), tr("member.loading.body"), "ticket", "red")


def _refused(state: CouponRefused, tr: Texts) -> Message:
    why = reason_title(tr, state.reason)
    # A refusal stays one: a lost answer is worth another try, and whoever came with paper may show who they are.
    other = {UNREACHABLE: RETRY, NEEDS_HOLDER: BY_PHONE}.get(state.reason)
    first, second = (other, TO_LIST) if other else (TO_LIST, None)
    return Message(tr("coupons.refused"), reason_help(tr, state.reason), "ticket", "warn", "", why, "info", first, second)


def _unavailable(state: CouponsUnavailable, tr: Texts) -> Message:
    why = reason_title(tr, state.reason)
    return Message(tr("member.unavailable"), reason_help(tr, state.reason), "cloud-slash", "warn", "", why, "info", RETRY, TO_MEMBER)


MESSAGES: Table = {
    LoadingCoupons: _loading,
    ClaimingCoupon: _claiming,
    OpeningCoupon: _opening,
    CouponRefused: _refused,
    CouponsUnavailable: _unavailable,
}
