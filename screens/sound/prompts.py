"""Which prompt belongs to a state and to a dialog. Pure; a test proves it total over every state that has a screen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kiosk.flows.benefits import state as benefits
from kiosk.flows.campaigns import state as campaigns
from kiosk.flows.children import state as children
from kiosk.flows.coupons import state as coupons
from kiosk.flows.feedback import state as feedback
from kiosk.flows.home import state as home
from kiosk.flows.issue_card import state as card
from kiosk.flows.lost import state as lost
from kiosk.flows.member import state as member
from kiosk.flows.phone_proof import state as phone
from kiosk.flows.points import state as points
from kiosk.flows.register import state as register
from kiosk.flows.rewards import state as rewards
from kiosk.flows.scan import state as scan
from kiosk.flows.sign_in import state as sign_in
from kiosk.flows.status import state as status
from kiosk.ports.display import ConfirmEnd, NeedMoreTime, TakeCard

TAKE_CARD = "take_card"
AGAIN = "again"
WAIT = "wait"

DIALOGS: Mapping[type, str] = {TakeCard: TAKE_CARD, NeedMoreTime: "more_time", ConfirmEnd: "confirm_end"}

_WAITING = (
    *(benefits.LoadingBenefits, benefits.AskingGift),
    *(campaigns.LoadingBoard, campaigns.OpeningCampaign, campaigns.JoiningCampaign, campaigns.WishingReminder),
    *(children.LoadingChildren, children.OpeningChild, children.WithdrawingConsent),
    *(coupons.LoadingCoupons, coupons.ClaimingCoupon, coupons.OpeningCoupon),
    *(feedback.SendingFeedback, feedback.LookingUpCase, feedback.JudgingCase),
    *(card.GivingUp, member.LoadingMember, scan.CheckingCode, sign_in.Identifying, status.LookingUp, status.Withdrawing),
    *(lost.LoadingCard, lost.IdentifyingHolder, lost.ReportingLoss, lost.WithdrawingLoss, lost.AskingReplacement),
    *(points.LoadingPoints, points.LoadingEntries, points.PreparingStatement, points.LoadingPurchases, points.LoadingPurchase),
    *(register.CheckingGuardian, register.LoadingNotice, register.Cancelling),
    *(rewards.LoadingRewards, rewards.LoadingRedemptions, rewards.LookingForAlternative, rewards.AskingForCode),
    *(rewards.Redeeming, rewards.CancellingRedeem, rewards.Undoing),
)
_REFUSED = (
    *(benefits.GiftRefused, campaigns.CampaignRefused, children.ChildrenFailed, coupons.CouponRefused, feedback.NotSent),
    *(card.IssueRefused, lost.LossFailed, lost.TurnInFailed, register.GuardianRefused, register.NotAccepted),
    *(rewards.CodeNotSent, rewards.UndoRefused, scan.ScanPaused, scan.ScanUnavailable, sign_in.NotIdentified, status.StatusUnavailable),
)
_UNAVAILABLE = (
    *(benefits.BenefitsUnavailable, campaigns.CampaignGone, coupons.CouponsUnavailable, feedback.CaseUnavailable),
    *(member.MemberUnavailable, points.PointsUnavailable, register.NoticeUnavailable, rewards.RewardsUnavailable),
)
_UNCERTAIN = (card.ActivationUncertain, card.Interrupted, register.SubmitUncertain, rewards.RedeemUncertain)

PROMPTS: Mapping[type, str] = {
    **dict.fromkeys(_WAITING, WAIT),
    **dict.fromkeys(_REFUSED, "sorry"),
    **dict.fromkeys(_UNAVAILABLE, "unavailable"),
    **dict.fromkeys(_UNCERTAIN, "uncertain"),
    home.Attract: "attract",
    home.Menu: "menu",
    home.OutOfService: "out_of_service",
    home.Faulted: "fault",
    register.AskingAgeBand: "age",
    register.GuardianNeeded: "guardian",
    register.Consenting: "consent",
    register.ReadingNotice: "notice",
    phone.AskingMobile: "mobile",
    phone.SendingCode: "mobile",
    phone.AskingCode: "code",
    phone.VerifyingCode: "code",
    register.FillingForm: "form",
    register.Reviewing: "review",
    register.Submitting: "submitting",
    register.Returned: "returned",
    register.InReview: "in_review",
    card.WaitingForBlank: "blank",
    card.WritingCard: "writing",
    card.Activating: "writing",
    card.CardPulled: "pulled",
    card.WrongCard: "wrong_card",
    card.CardSpoiled: "spoiled",
    card.CardIssued: "issued",
    sign_in.WaitingForCard: "sign_in",
    sign_in.ReadingCard: "reading",
    scan.Scanning: "scan",
    status.EnteringNumber: "number",
    status.ShowingStatus: "status",
    member.MemberHome: "member",
    children.ChildrenShown: "children",
    children.ChildShown: "child",
    children.ConfirmingWithdrawal: "withdraw",
    children.ConsentWithdrawn: "withdrawn",
    coupons.CouponList: "coupons",
    coupons.CouponDetail: "coupon",
    coupons.CouponCode: "coupon",
    benefits.BenefitsShown: "benefits",
    benefits.ReadingChange: "change",
    benefits.ReadingWhy: "why",
    points.PointsByLot: "points",
    points.PointsByEntry: "entries",
    points.StatementReady: "statement",
    points.PurchaseList: "purchases",
    points.PurchaseShown: "purchase",
    rewards.RewardList: "rewards",
    rewards.Choosing: "reward",
    rewards.CannotHave: "reward_refused",
    rewards.RedemptionShown: "redemption",
    rewards.RedemptionList: "redemptions",
    rewards.NothingSpent: "nothing_spent",
    rewards.AskingUndo: "undo",
    rewards.Undone: "undone",
    lost.AskingWhich: "lost_which",
    lost.ExplainingLoss: "loss",
    lost.CardLost: "loss",
    lost.LossWithdrawn: "loss_withdrawn",
    lost.NoCardYet: "no_card",
    lost.WaitingForFound: "found",
    lost.AskingTurnIn: "turn_in",
    lost.TurningIn: "reading",
    lost.CardTurnedIn: "turned_in",
    campaigns.CampaignList: "campaigns",
    campaigns.CampaignShown: "campaign",
    campaigns.CampaignJoined: "campaign_joined",
    campaigns.AskingReminder: "reminder",
    campaigns.ReminderNoted: "reminded",
    feedback.Saying: "feedback",
    feedback.Writing: "feedback_text",
    feedback.ChoosingAbout: "feedback_about",
    feedback.FeedbackSent: "feedback_sent",
    feedback.EnteringCase: "case_digits",
    feedback.ShowingCase: "case",
}
"""Key of the prompt by the type of the state that is shown; states of one page share theirs, so that it is not said twice."""

_TYPED_AGAIN = (phone.AskingMobile, phone.AskingCode, scan.Scanning, status.EnteringNumber, feedback.EnteringCase, lost.WaitingForFound)
"""States that say on their own page why the last try was not good; the form says it below its fields."""


def prompt_of(state: Any) -> str:
    """Return the key of the prompt of a state that is shown."""
    return PROMPTS[type(state)]


def trouble_of(state: Any) -> frozenset[object]:
    """Return what a page says was not good about the last try: reasons, or findings that name field and reason."""
    if isinstance(state, register.FillingForm):
        return frozenset(state.findings)
    is_said = isinstance(state, _TYPED_AGAIN) and state.reason is not None
    return frozenset({state.reason}) if is_said else frozenset()
