"""How long the kiosk waits for a touch before it asks, and how long it asks, by state (design: ui.md section 3, 19)."""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.flows.benefits.state import AskingGift, LoadingBenefits
from kiosk.flows.campaigns.state import JoiningCampaign, LoadingBoard, OpeningCampaign, WishingReminder
from kiosk.flows.children.state import LoadingChildren, OpeningChild, WithdrawingConsent
from kiosk.flows.coupons.state import ClaimingCoupon, LoadingCoupons, OpeningCoupon
from kiosk.flows.feedback.state import JudgingCase, LookingUpCase, PrintFeedbackSlip, SendingFeedback, Writing
from kiosk.flows.home.state import Attract, OutOfService
from kiosk.flows.issue_card.state import (
    Activating,
    ActivationUncertain,
    CardIssued,
    CardPulled,
    GivingUp,
    Interrupted,
    PrintMembershipSlip,
    WriteCard,
    WritingCard,
)
from kiosk.flows.lost.state import (
    AskingReplacement,
    CardTurnedIn,
    IdentifyingHolder,
    LoadingCard,
    ReportingLoss,
    TurningIn,
    WithdrawingLoss,
)
from kiosk.flows.points.state import PrintStatement
from kiosk.flows.register.state import (
    Cancelling,
    CheckingGuardian,
    Consenting,
    FillingForm,
    LoadingNotice,
    PrintReceipt,
    ReadingNotice,
    Reviewing,
    Submitting,
    SubmitUncertain,
)
from kiosk.flows.rewards.effects import PrintRedemption, UpdateCard
from kiosk.flows.rewards.state import (
    AskingForCode,
    CancellingRedeem,
    LoadingRedemptions,
    LoadingRewards,
    LookingForAlternative,
    Redeeming,
    RedeemUncertain,
    Undoing,
)
from kiosk.flows.scan.state import CheckingCode
from kiosk.flows.sign_in.state import Identifying, ReadCard, ReadingCard
from kiosk.flows.slips import PrintDeed
from kiosk.flows.status.state import LookingUp, Withdrawing


@dataclass(frozen=True, slots=True)
class IdleLimits:
    """Seconds without a touch, then seconds of warning; `wait_s` None: never, `warn_s` 0: ends without a question."""

    wait_s: float | None
    warn_s: float


NEVER = IdleLimits(None, 0)
DONE_PAGE = IdleLimits(15, 0)
FORM = IdleLimits(90, 20)
USUAL = IdleLimits(60, 20)
LEFT_AT_REST = IdleLimits(60, 0)

_AT_REST = (Attract, OutOfService)
# Something is under way that the member waits for; these states have limits of their own.
_BUSY = (
    Submitting,
    Cancelling,
    LoadingNotice,
    WritingCard,
    CardPulled,
    Activating,
    GivingUp,
    ReadingCard,
    Identifying,
    CheckingCode,
    LookingUp,
    Withdrawing,
    SendingFeedback,
    LookingUpCase,
    JudgingCase,
    LoadingCoupons,
    ClaimingCoupon,
    OpeningCoupon,
    LoadingBenefits,
    AskingGift,
    LoadingRewards,
    LookingForAlternative,
    AskingForCode,
    Redeeming,
    CancellingRedeem,
    LoadingRedemptions,
    Undoing,
    IdentifyingHolder,
    LoadingCard,
    ReportingLoss,
    WithdrawingLoss,
    AskingReplacement,
    TurningIn,
    CheckingGuardian,
    LoadingChildren,
    OpeningChild,
    WithdrawingConsent,
    LoadingBoard,
    OpeningCampaign,
    JoiningCampaign,
    WishingReminder,
)
# What became of a request is not known yet, or a card is half written: who goes now does not learn it.
_UNCERTAIN = (SubmitUncertain, ActivationUncertain, Interrupted, RedeemUncertain)
_DONE = (CardIssued, CardTurnedIn)
_FORM = (FillingForm, Reviewing, Consenting, ReadingNotice, Writing)

# What a printer or a card does for the member while nobody touches anything.
_DEVICE_WORK = frozenset(
    effect.__name__
    for effect in (
        PrintReceipt,
        PrintMembershipSlip,
        PrintFeedbackSlip,
        PrintStatement,
        PrintRedemption,
        PrintDeed,
        WriteCard,
        UpdateCard,
        ReadCard,
    )
)


def is_device_work(effect: str) -> bool:
    """Tell whether an effect of this name is the work of a device: while it goes on nobody is asked, and its end is a sign of life."""
    return effect in _DEVICE_WORK


def limits(state: object, *, is_large: bool, is_as_found: bool = True) -> IdleLimits:
    """Return the limits of a state; large type doubles both.

    Args:
        state: Of the journey.
        is_large: Large type is on.
        is_as_found: Language, size, voice and the call for staff are those of a kiosk at rest: the next person must find them so.
    """
    if isinstance(state, _AT_REST):
        return NEVER if is_as_found else LEFT_AT_REST
    if isinstance(state, _BUSY):
        return NEVER
    base = DONE_PAGE if isinstance(state, _DONE) else FORM if isinstance(state, _FORM) else USUAL
    if not is_large or base.wait_s is None:
        return base
    return IdleLimits(base.wait_s * 2, base.warn_s * 2)


def is_under_way(state: object) -> bool:
    """Tell whether ending now needs a question first."""
    return isinstance(state, (*_BUSY, *_FORM, *_UNCERTAIN))
