"""One sample of every state and event of every flow, for tests that walk all pairs."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from kiosk.flows.benefits import state as benefits
from kiosk.flows.benefits.flow import BENEFITS
from kiosk.flows.campaigns import state as campaigns
from kiosk.flows.campaigns.flow import CAMPAIGNS
from kiosk.flows.children import state as children
from kiosk.flows.children.flow import CHILDREN
from kiosk.flows.coupons import state as coupons
from kiosk.flows.coupons.flow import COUPONS
from kiosk.flows.feedback import state as feedback
from kiosk.flows.feedback.flow import FEEDBACK
from kiosk.flows.home import state as home
from kiosk.flows.home.flow import HOME
from kiosk.flows.issue_card import state as issue
from kiosk.flows.issue_card.flow import ISSUE_CARD
from kiosk.flows.lost import state as lost
from kiosk.flows.lost.flow import LOST
from kiosk.flows.member import state as member
from kiosk.flows.member.errands import Errand
from kiosk.flows.member.flow import MEMBER
from kiosk.flows.phone_proof import state as phone
from kiosk.flows.phone_proof.flow import PHONE_PROOF
from kiosk.flows.points import state as points
from kiosk.flows.points.flow import POINTS
from kiosk.flows.register import state as register
from kiosk.flows.register.flow import REGISTER
from kiosk.flows.rewards import answers as reward_answers
from kiosk.flows.rewards import state as rewards
from kiosk.flows.rewards.effects import LoadRewards
from kiosk.flows.rewards.flow import REWARDS
from kiosk.flows.scan import state as scan
from kiosk.flows.scan.flow import SCAN
from kiosk.flows.sign_in import state as sign_in
from kiosk.flows.sign_in.flow import SIGN_IN
from kiosk.flows.status import state as status
from kiosk.flows.status.flow import STATUS
from kiosk.flows.step import (
    Back,
    CardInserted,
    CardRemoved,
    CardTrouble,
    Continued,
    DeskRefused,
    DeskUnreachable,
    Flow,
    LanguageSwitched,
    RetryChosen,
    TimeIsUp,
)
from kiosk.ports.campaigns import CampaignLook, Joined, PublicCampaign
from kiosk.ports.children import Children, LinkedChild
from kiosk.ports.feedback import Case, CaseKey, CaseReply, CaseState, Category, Department, Quick, Said, Ticket, Verdict
from kiosk.ports.own_card import CardStanding, OwnCard
from kiosk.ports.perks import (
    AnnouncedChange,
    BirthdayGift,
    CouponState,
    ExplanationLine,
    GiftState,
    OwnBenefits,
    OwnCoupon,
    OwnNews,
    ReferralOffer,
    ShownCoupon,
    WhyBenefits,
)
from kiosk.ports.points import (
    EntriesPage,
    PointsAccount,
    PointsEntry,
    PointsLot,
    Purchase,
    PurchaseDetail,
    PurchaseLine,
    PurchasesPage,
    Statement,
)
from kiosk.ports.rewards import OwnRedemption, Payer, Pieces, Quote, Redemption, RedemptionState, Reward
from kiosk.ports.values import (
    AbortCause,
    Address,
    AgeBand,
    ApplicationState,
    ApplicationStatus,
    Benefit,
    CardSeen,
    Challenge,
    CodePurpose,
    Coupon,
    Draft,
    Finding,
    GuardianSeen,
    Issued,
    IssueStage,
    Language,
    Membership,
    Notice,
    Purpose,
    Reason,
    Receipt,
    Submitted,
    Visitor,
)

_OWN = (MEMBER, POINTS, COUPONS, BENEFITS, REWARDS, LOST, CAMPAIGNS, CHILDREN)
FLOWS: tuple[Flow, ...] = (HOME, PHONE_PROOF, REGISTER, ISSUE_CARD, SIGN_IN, SCAN, STATUS, FEEDBACK, *_OWN)

REASON = Reason("RATE_LIMITED")
CARD = CardSeen(bytes.fromhex("04a1b2c3d4e5f6"), bytes.fromhex("3b8180018080"))
NOTICE = Notice(
    "2026-11",
    Language.ZH_HANS,
    "00" * 32,
    (("谁在处理", "悦邻超市"),),
    "全文",
    (
        Purpose("membership", "开立会员", "没有这一项就不能入会", mandatory=True, allowed=True),
        Purpose("id_number", "登记证件号码", "可选", mandatory=False, allowed=True),
        Purpose("marketing", "短信告知优惠", "可选", mandatory=False, allowed=True),
    ),
)
DRAFT = Draft(
    notice=NOTICE,
    consents=frozenset({"membership"}),
    mobile="13800138000",
    mobile_masked="138****8000",
    phone_proof="proof",
    name="欧阳小满",
)
CHILD_DRAFT = Draft(AgeBand.UNDER_14, NOTICE, mobile_masked="138****8000", phone_proof="proof", guardian="欧阳**")
CHILD = LinkedChild("gua_1", "欧阳**", is_member=True, application_state=ApplicationState.ACTIVE, application_number="A123")
CHILDREN_OF = Children((CHILD,), may_act=True)
RECEIPT = Receipt("D03-000001", "HR1:TEST")
CHALLENGE = Challenge("challenge", "138****8000", 300, 60)
ASKING_CODE = phone.AskingCode(CodePurpose.JOIN, "13800138000", CHALLENGE, digits="12345")
PROVED = phone.PhoneProved("13800138000", "138****8000", "proof")
ISSUED = Issued("8800 •••• 9012", "basic", 100, (Benefit("benefit.points", 100, ""),), RECEIPT, "mail", "visit")
VISITOR = Visitor("visit", "欧阳**")
STATUS_ANSWER = ApplicationStatus("A123", ApplicationState.CARD_PENDING, (), "grant", "欧阳**")
MEMBERSHIP = Membership(
    "欧阳**",
    "8800 •••• 9012",
    "basic",
    100,
    0,
    0,
    "",
    (Coupon("coupon.welcome", 1000, "2026-12-31", usable=True),),
    ApplicationState.ACTIVE,
    "",
)
OWN_CARD = OwnCard(CardStanding.ACTIVE)
LOST_CARD = OwnCard(CardStanding.LOST, "2026-11-25", may_withdraw=True)
NUMBER = "8800 •••• 9012"
LOT = PointsLot("PURCHASE", "湖滨店", 40, 100, "2026-11-01", "2026-11-01", "2027-10-31")
ACCOUNT = PointsAccount(40, 0, 0, 0, 40, "2027-10-31", "", (LOT,))
ENTRY = PointsEntry("PURCHASE", 100, "S1", "湖滨店", "2026-11-01 10:30", 100)
PURCHASE = Purchase("S1", "湖滨店", "2026-11-01 10:30", 10_000, 10_000, 100, 0, 0)
DETAIL = PurchaseDetail(PURCHASE, (PurchaseLine("rice", "food", 2, 5_000, 0, 0, earns=True),), (), (), (), "plain")
WHY = (ExplanationLine("explain.sale.earned", (("amount", "100.00"), ("points", "100"))),)
PURCHASES = points.PurchaseList(VISITOR, NUMBER, (PURCHASE,), 1, "older")
ORDER = issue.Order("grant", RECEIPT)
CONSENTING = register.Consenting(DRAFT, NOTICE)
SUBMITTED = Submitted("A123", ApplicationState.CARD_PENDING, (), "grant", RECEIPT)
SAID = Said(4, (Quick.STAFF_KIND,), text="谢谢")
TICKET = Ticket("1234567897", "123456", "2026-11-25")
CASE = Case("1234567897", CaseState.REPLIED, 2, "2026-11-23", "2026-11-25", (CaseReply("已处理", "2026-11-24"),), None, may_judge=True)
CASE_KEY = CaseKey("1234567897", secret="123456")

_NEVER, _EVER = datetime(2026, 1, 1, tzinfo=UTC), datetime(2099, 1, 1, tzinfo=UTC)
CAMPAIGN = PublicCampaign("baking", 1, {}, "campaign-baking", _NEVER, _EVER, _NEVER, _EVER)
CAMPAIGN_LIST = campaigns.CampaignList(VISITOR, (CAMPAIGN,))
CAMPAIGN_SHOWN = campaigns.CampaignShown(VISITOR, CAMPAIGN_LIST, CampaignLook(CAMPAIGN))
JOINING = campaigns.JoiningCampaign(VISITOR, CAMPAIGN_SHOWN)
COUPON = OwnCoupon("c1", "benefit.coupon", 500, 2000, "2026-11-24", "2026-12-22", CouponState.ISSUED)
COUPON_LIST = coupons.CouponList(VISITOR, (COUPON,))
CLAIMING = coupons.ClaimingCoupon(VISITOR, COUPON_LIST, COUPON)
SHOWN = ShownCoupon("c1.proof", COUPON)
OWN_BENEFITS = OwnBenefits(
    BirthdayGift(GiftState.OPEN, text_key="benefit.coupon.birthday", value_fen=500, valid_until="2026-12-22"),
    ReferralOffer("R1234ABCD", 100, 100, 5000, 15),
    (AnnouncedChange("chg_1", "银卡门槛", "由 500 分改为 600 分", "2027-01-01"),),
    WhyBenefits((ExplanationLine("explain.tier.top"),), (ExplanationLine("explain.no.BIRTHDAY_NOT_NOW"),)),
)

REWARD = Reward("rice", "东北大米", "一袋", "reward-rice", 40, left=5)
REWARDS_SHOWN = rewards.RewardList(VISITOR, MEMBERSHIP, (REWARD,))
QUOTE = Quote(40, 60, (Payer(40, "2027-10-31"),))
CHOICE = rewards.Choosing(VISITOR, REWARDS_SHOWN, REWARD, 1, QUOTE)
REDEMPTION = Redemption("red_1", RedemptionState.WAITING, 40, 60, "7KQ-2MX-RT4", "2026-12-08")
OWN_REDEMPTION = OwnRedemption(REDEMPTION, "东北大米", "reward-rice", 1, "", "湖滨店", is_here=True, can_be_undone=True)
REDEMPTION_SHOWN = rewards.RedemptionShown(VISITOR, OWN_REDEMPTION, receipt=RECEIPT)

_SAMPLES: tuple[Any, ...] = (
    home.Attract(),
    home.Menu(),
    home.OutOfService(REASON),
    home.Faulted(REASON),
    phone.AskingMobile(CodePurpose.JOIN, "13800138000"),
    phone.SendingCode(CodePurpose.JOIN, "13800138000"),
    ASKING_CODE,
    phone.VerifyingCode(ASKING_CODE),
    PROVED,
    phone.PhoneLeft(),
    register.AskingAgeBand(),
    register.GuardianNeeded(),
    register.ProvingGuardian(CHILD_DRAFT, ASKING_CODE),
    register.CheckingGuardian(CHILD_DRAFT),
    register.GuardianRefused(CHILD_DRAFT, REASON),
    register.LoadingNotice(DRAFT),
    register.NoticeUnavailable(DRAFT, REASON),
    CONSENTING,
    register.ReadingNotice(CONSENTING),
    register.ProvingPhone(DRAFT, ASKING_CODE),
    register.FillingForm(DRAFT),
    register.Reviewing(DRAFT),
    register.Submitting(DRAFT),
    register.SubmitUncertain(DRAFT),
    register.Cancelling(DRAFT),
    register.Returned(DRAFT, "A123", (Finding("name", Reason("NAME_DIGITS")),), RECEIPT, slip="printed"),
    register.InReview("A123", ApplicationState.IN_REVIEW, RECEIPT, slip="printed"),
    register.NotAccepted(REASON, DRAFT),
    issue.WaitingForBlank(ORDER),
    issue.WritingCard(ORDER, CARD, "issue"),
    issue.CardPulled(ORDER, CARD, "issue", 0),
    issue.WrongCard(ORDER, REASON),
    issue.Activating(ORDER, CARD, "issue"),
    issue.ActivationUncertain(ORDER, CARD, "issue"),
    issue.Interrupted(ORDER, CARD, "issue", REASON, 0),
    issue.GivingUp(ORDER, "issue", AbortCause.CARD_GONE, REASON),
    issue.CardSpoiled(ORDER, REASON),
    issue.IssueRefused(REASON),
    issue.CardIssued(ISSUED, slip="printed"),
    sign_in.WaitingForCard(),
    sign_in.ReadingCard(CARD),
    sign_in.SigningInByPhone(ASKING_CODE),
    sign_in.Identifying("proof"),
    sign_in.NotIdentified(REASON, by_card=True),
    status.EnteringNumber("A012345678905"),
    status.ProvingApplicant("A123", ASKING_CODE),
    status.LookingUp("A123", PROVED),
    status.ShowingStatus(STATUS_ANSWER, PROVED),
    status.Withdrawing(STATUS_ANSWER, PROVED),
    status.StatusUnavailable(REASON),
    member.LoadingMember(VISITOR),
    member.MemberHome(VISITOR, MEMBERSHIP),
    member.MemberUnavailable(VISITOR, REASON),
    feedback.Saying(VISITOR, SAID),
    feedback.Writing(VISITOR, SAID),
    feedback.ChoosingAbout(VISITOR, SAID),
    feedback.SendingFeedback(VISITOR, SAID),
    feedback.NotSent(VISITOR, SAID, REASON, 60),
    feedback.FeedbackSent(VISITOR, TICKET),
    feedback.EnteringCase(None, TICKET.digits),
    feedback.LookingUpCase(None, TICKET.digits),
    feedback.ShowingCase(VISITOR, CASE, CASE_KEY),
    feedback.JudgingCase(VISITOR, CASE, CASE_KEY, Verdict.HELPED),
    feedback.CaseUnavailable(None, TICKET.digits, REASON, 60),
    coupons.LoadingCoupons(VISITOR),
    COUPON_LIST,
    coupons.CouponDetail(VISITOR, COUPON_LIST, COUPON),
    CLAIMING,
    coupons.OpeningCoupon(VISITOR, COUPON_LIST, COUPON),
    coupons.CouponCode(VISITOR, COUPON_LIST, SHOWN),
    coupons.CouponRefused(VISITOR, CLAIMING, REASON),
    coupons.CouponsUnavailable(VISITOR, REASON),
    benefits.LoadingBenefits(VISITOR),
    benefits.BenefitsShown(VISITOR, OWN_BENEFITS),
    benefits.AskingGift(VISITOR, OWN_BENEFITS),
    benefits.GiftRefused(VISITOR, OWN_BENEFITS, REASON),
    benefits.ReadingChange(VISITOR, OWN_BENEFITS),
    benefits.ReadingWhy(VISITOR, OWN_BENEFITS),
    benefits.BenefitsUnavailable(VISITOR, REASON),
    points.LoadingPoints(VISITOR, NUMBER),
    points.PointsByLot(VISITOR, NUMBER, ACCOUNT),
    points.LoadingEntries(VISITOR, NUMBER, ACCOUNT),
    points.PointsByEntry(VISITOR, NUMBER, ACCOUNT, (ENTRY,), "older"),
    points.PreparingStatement(VISITOR, NUMBER, ACCOUNT),
    points.StatementReady(VISITOR, NUMBER, Statement("欧阳**", NUMBER, ACCOUNT, (ENTRY,), is_whole=True), "failed"),
    points.LoadingPurchases(VISITOR, NUMBER),
    PURCHASES,
    points.LoadingPurchase(VISITOR, PURCHASES, "S1"),
    points.PurchaseShown(VISITOR, PURCHASES, DETAIL),
    points.PointsUnavailable(VISITOR, REASON, points.LoadingPoints(VISITOR, NUMBER), points.LoadAccount("visit")),
    rewards.LoadingRewards(VISITOR),
    REWARDS_SHOWN,
    CHOICE,
    rewards.LookingForAlternative(VISITOR, CHOICE, REASON),
    rewards.CannotHave(VISITOR, REWARDS_SHOWN, REWARD, REASON, "", REWARD),
    rewards.AskingForCode(VISITOR, CHOICE),
    rewards.ProvingSpender(VISITOR, CHOICE, ASKING_CODE),
    rewards.CodeNotSent(VISITOR, CHOICE, REASON),
    rewards.Redeeming(VISITOR, CHOICE),
    rewards.RedeemUncertain(VISITOR, CHOICE),
    rewards.CancellingRedeem(VISITOR, CHOICE),
    rewards.NothingSpent(VISITOR),
    rewards.LoadingRedemptions(VISITOR),
    rewards.RedemptionList(VISITOR, (OWN_REDEMPTION,)),
    REDEMPTION_SHOWN,
    rewards.AskingUndo(VISITOR, REDEMPTION_SHOWN),
    rewards.Undoing(VISITOR, REDEMPTION_SHOWN),
    rewards.UndoRefused(VISITOR, REDEMPTION_SHOWN, REASON),
    rewards.Undone(VISITOR, REDEMPTION, receipt=RECEIPT),
    rewards.RewardsUnavailable(VISITOR, REASON, rewards.LoadingRewards(VISITOR), LoadRewards("visit")),
    lost.AskingWhich(),
    lost.ProvingHolder(ASKING_CODE, VISITOR),
    lost.IdentifyingHolder("proof"),
    lost.LoadingCard(VISITOR),
    lost.ExplainingLoss(VISITOR, OWN_CARD),
    lost.ReportingLoss(VISITOR, OWN_CARD),
    lost.CardLost(VISITOR, LOST_CARD, RECEIPT, "printed"),
    lost.WithdrawingLoss(VISITOR, LOST_CARD),
    lost.LossWithdrawn(VISITOR, RECEIPT, "printed"),
    lost.AskingReplacement(VISITOR, LOST_CARD),
    lost.NoCardYet(VISITOR),
    lost.LossFailed(lost.ReportingLoss(VISITOR, OWN_CARD), REASON),
    lost.WaitingForFound(REASON),
    lost.AskingTurnIn(CARD),
    lost.TurningIn(CARD),
    lost.CardTurnedIn(),
    lost.TurnInFailed(CARD, REASON),
    children.LoadingChildren(VISITOR),
    children.ChildrenShown(VISITOR, CHILDREN_OF),
    children.ChildShown(VISITOR, CHILDREN_OF, CHILD),
    children.OpeningChild(VISITOR, CHILDREN_OF, CHILD),
    children.ConfirmingWithdrawal(VISITOR, CHILDREN_OF, CHILD),
    children.WithdrawingConsent(VISITOR, CHILDREN_OF, CHILD),
    children.ConsentWithdrawn(VISITOR, RECEIPT, "printed"),
    children.ChildrenFailed(children.LoadingChildren(VISITOR), REASON),
    campaigns.LoadingBoard(VISITOR),
    CAMPAIGN_LIST,
    campaigns.OpeningCampaign(VISITOR, CAMPAIGN_LIST, CAMPAIGN),
    CAMPAIGN_SHOWN,
    JOINING,
    campaigns.CampaignJoined(VISITOR, CAMPAIGN_SHOWN, Joined("c1")),
    campaigns.AskingReminder(VISITOR, CAMPAIGN_SHOWN),
    campaigns.WishingReminder(VISITOR, CAMPAIGN_SHOWN),
    campaigns.ReminderNoted(VISITOR, CAMPAIGN_SHOWN),
    campaigns.CampaignRefused(VISITOR, JOINING, REASON),
    campaigns.CampaignGone(VISITOR, REASON),
    # Events.
    Back(),
    Continued(),
    RetryChosen(),
    CardInserted(CARD),
    CardRemoved(),
    CardTrouble(Reason("CARD_SEVERAL")),
    DeskRefused(REASON),
    DeskUnreachable(),
    TimeIsUp("put_back"),
    LanguageSwitched(Language.EN),
    home.Started(),
    home.JourneyChosen(home.Journey.JOIN),
    home.ServiceLost(REASON),
    home.ServiceRestored(),
    phone.MobileTyped("13900139000"),
    phone.MobileEntered(),
    phone.CodeTyped("123456"),
    phone.ResendChosen(),
    phone.CodeSent(CHALLENGE),
    phone.CodeVerified("proof"),
    register.AgeBandChosen(AgeBand.ADULT),
    register.ConsentToggled("marketing"),
    register.FullTextChosen(),
    register.FieldFocused(register.Field.EMAIL),
    register.TextEntered(register.Field.NAME, "欧阳小满"),
    register.AddressEntered(Address("330000", "330100", "330106", "文三路 1 号")),
    register.FieldChosen(register.Field.EMAIL),
    register.GuardianKnown(GuardianSeen("欧阳**", "138****8000")),
    children.ChildrenLoaded(CHILDREN_OF),
    children.ChildChosen("gua_1"),
    children.AddChildChosen(),
    children.PhoneChosen(),
    children.OpenChosen(),
    children.WithdrawChosen(),
    children.ChildOpened(VISITOR),
    children.ConsentTakenBack(RECEIPT),
    register.NoticeLoaded(NOTICE),
    register.ApplicationAnswered(SUBMITTED),
    register.RequestClosed(was_applied=False),
    register.SlipPrinted(),
    register.SlipFailed(Reason("PAPER_OUT")),
    issue.IssueProgress("issue", IssueStage.WRITING, 3, 35),
    issue.CardWritten("issue"),
    issue.WritingStopped("issue", Reason("CARD_REMOVED")),
    issue.CardActivated(ISSUED),
    issue.IssueAborted(is_spoiled=True, grant="grant2"),
    register.PrintChosen(),
    issue.HomeChosen(),
    sign_in.PhoneChosen(),
    sign_in.ScanChosen(),
    scan.Scanning(),
    scan.CheckingCode("HM1:TEST"),
    scan.ScanPaused(30),
    scan.ScanUnavailable(REASON),
    scan.CodeShown("member", "HM1:TEST"),
    scan.CameraLost(Reason("CAMERA_GONE")),
    scan.VisitResumed(VISITOR, "coupons"),
    scan.ApplicationFound("A123"),
    sign_in.MemberIdentified(VISITOR),
    sign_in.CardUnfinished(CARD),
    sign_in.CardUnreadable(Reason("CARD_REMOVED")),
    status.NumberTyped("A124"),
    status.StatusLoaded(STATUS_ANSWER),
    status.WithdrawChosen(),
    status.CorrectionChosen(),
    member.MemberLoaded(MEMBERSHIP),
    member.CodeMade("HM1:TEST", 30),
    member.TakeCardChosen(),
    feedback.FaceChosen(2),
    feedback.QuickToggled(Quick.FRESH_GOOD),
    feedback.AnonymousToggled(),
    feedback.WritingChosen(),
    feedback.WordsTyped("五点以后能不能多开一个收银台？"),
    feedback.AboutChosen(),
    feedback.DepartmentChosen(Department.CHECKOUT),
    feedback.CategoryChosen(Category.CHECKOUT),
    feedback.FeedbackReceived(TICKET),
    feedback.FollowUpChosen(),
    feedback.CaseDigitsTyped("123"),
    feedback.CaseLoaded(CASE),
    feedback.VerdictGiven(Verdict.HELPED),
    coupons.ShelfChosen(coupons.Shelf.USED),
    coupons.CouponChosen("c1"),
    coupons.ClaimChosen(),
    coupons.CouponWhyChosen(),
    coupons.CouponsLoaded((COUPON,)),
    coupons.CouponClaimed(),
    coupons.CouponOpened(SHOWN),
    campaigns.CampaignChosen("baking"),
    campaigns.JoinChosen(),
    campaigns.ReminderChosen(),
    campaigns.CampaignFeedbackChosen(),
    campaigns.OwnCouponsChosen(),
    campaigns.BoardKnown((CAMPAIGN,)),
    campaigns.CampaignOpened(CampaignLook(CAMPAIGN)),
    campaigns.PartTaken(Joined("c1")),
    campaigns.WishNoted(),
    benefits.GiftChosen(),
    benefits.ChangesChosen(),
    benefits.WhyChosen(),
    benefits.ChangeTurned(1),
    benefits.BenefitsLoaded(OWN_BENEFITS),
    benefits.GiftGiven(OWN_BENEFITS.gift),
    member.ErrandChosen(Errand.POINTS),
    member.NewsLoaded(OwnNews(OWN_BENEFITS.gift, 2)),
    points.AccountLoaded(ACCOUNT),
    points.EntriesLoaded(EntriesPage((ENTRY,), "")),
    points.PurchasesLoaded(PurchasesPage((PURCHASE,), "", 1)),
    points.PurchaseLoaded(DETAIL),
    points.PurchaseExplained("S1", WHY),
    points.PurchaseNotExplained("S1", Reason("RATE_LIMITED")),
    points.EntriesChosen(),
    points.MoreChosen(),
    points.StatementChosen(),
    points.PrintAgainChosen(),
    points.PurchaseChosen("S1"),
    rewards.RewardChosen("rice"),
    rewards.OnlyAvailableToggled(),
    rewards.RowsTurned(6),
    rewards.QtyStepped(1),
    rewards.AlternativeChosen(),
    rewards.RedemptionsChosen(),
    rewards.RedemptionChosen("red_1"),
    rewards.SlipChosen(),
    rewards.UndoChosen(),
    rewards.RedemptionWhyChosen(),
    reward_answers.RewardsLoaded(MEMBERSHIP, (REWARD,)),
    reward_answers.Quoted(Pieces("rice", 1), QUOTE),
    reward_answers.NotQuoted(Pieces("rice", 1), REASON),
    reward_answers.Redeemed(REDEMPTION),
    reward_answers.RedemptionUndone(REDEMPTION),
    reward_answers.RedemptionsLoaded((OWN_REDEMPTION,)),
    reward_answers.ReceiptFetched("red_1", RECEIPT),
    reward_answers.RedemptionExplained("red_1", WHY),
    reward_answers.CardUpdated(is_done=True),
    lost.LossChosen(),
    lost.FoundChosen(),
    lost.CardLoaded(OWN_CARD),
    lost.LossReported("2026-11-25", RECEIPT),
    lost.WithdrawLossChosen(),
    lost.LossTakenBack(RECEIPT),
    lost.NewCardChosen(),
    lost.ReplacementGranted("grant"),
    lost.TurnInNoted(),
)

SAMPLES: dict[type, Any] = {type(sample): sample for sample in _SAMPLES}
