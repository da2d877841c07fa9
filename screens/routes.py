"""The table of state types and screens, and how each screen is built. A test proves it total over all journeys."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone

from kiosk.flows.benefits.state import BenefitsShown, ReadingChange, ReadingWhy
from kiosk.flows.campaigns.state import CampaignJoined, CampaignList, CampaignShown
from kiosk.flows.children.state import ChildrenShown, ChildShown
from kiosk.flows.coupons.state import CouponCode, CouponDetail, CouponList
from kiosk.flows.feedback.state import ChoosingAbout, EnteringCase, FeedbackSent, Saying, ShowingCase, Writing
from kiosk.flows.home.state import Attract, Menu, OutOfService
from kiosk.flows.issue_card.state import Activating, CardIssued, WritingCard
from kiosk.flows.lost.state import AskingWhich, CardLost, ExplainingLoss
from kiosk.flows.member.state import MemberHome
from kiosk.flows.phone_proof.state import AskingCode, AskingMobile, SendingCode, VerifyingCode
from kiosk.flows.points.state import PointsByEntry, PointsByLot, PurchaseList, PurchaseShown, StatementReady
from kiosk.flows.register.state import AskingAgeBand, Consenting, FillingForm, InReview, ReadingNotice, Returned, Reviewing
from kiosk.flows.rewards.state import CannotHave, Choosing, RedemptionList, RedemptionShown, RewardList
from kiosk.flows.scan.state import Scanning
from kiosk.flows.status.state import EnteringNumber, ShowingStatus
from kiosk.ports.display import Viewfinder
from screens.benefits import messages as benefits_messages
from screens.benefits.benefits import BenefitsPage
from screens.benefits.change import ChangePage
from screens.benefits.why import WhyPage
from screens.campaigns import messages as campaigns_messages
from screens.campaigns.joined import CampaignJoinedPage
from screens.campaigns.list import CampaignListPage
from screens.campaigns.page import CampaignPage
from screens.children import messages as children_messages
from screens.children.child import ChildPage
from screens.children.list import ChildrenPage
from screens.coupons import messages as coupons_messages
from screens.coupons.detail import CouponPage
from screens.coupons.list import CouponListPage
from screens.feedback import messages as feedback_messages
from screens.feedback.about import AboutPage
from screens.feedback.case import CasePage
from screens.feedback.digits import CaseDigitsPage
from screens.feedback.say import SayPage
from screens.feedback.sent import SentPage
from screens.feedback.write import WritePage
from screens.frame.done import DonePage
from screens.frame.done import Table as DoneTable
from screens.frame.message import MessagePage, Table
from screens.frame.page import Page, Send
from screens.home import messages as home_messages
from screens.home.attract import AttractPage
from screens.home.menu import MenuPage
from screens.home.out_of_service import OutOfServicePage
from screens.issue_card import messages as issue_card_messages
from screens.issue_card.issued import IssuedPage
from screens.issue_card.writing import WritingPage
from screens.lost import messages as lost_messages
from screens.lost.loss import LossPage
from screens.lost.which import WhichPage
from screens.member import messages as member_messages
from screens.member.home import MemberPage
from screens.points import messages as points_messages
from screens.points.by_entry import ByEntryPage
from screens.points.by_lot import ByLotPage
from screens.points.purchase import PurchasePage
from screens.points.purchases import PurchasesPage
from screens.points.statement import StatementPage
from screens.register import messages as register_messages
from screens.register.age import AgePage
from screens.register.code import CodePage
from screens.register.consent import ConsentPage
from screens.register.form import FormPage
from screens.register.form_inputs import InputTools
from screens.register.in_review import InReviewPage
from screens.register.mobile import MobilePage
from screens.register.notice import NoticePage
from screens.register.returned import ReturnedPage
from screens.register.review import ReviewPage
from screens.rewards import messages as rewards_messages
from screens.rewards.catalogue import CataloguePage
from screens.rewards.choice import ChoicePage
from screens.rewards.history import HistoryPage
from screens.rewards.redemption import RedemptionPage
from screens.rewards.refused import RefusedPage
from screens.scan import messages as scan_messages
from screens.scan.scan import ScanPage
from screens.sign_in import messages as sign_in_messages
from screens.sound.announcer import Silence, Sounds
from screens.status import messages as status_messages
from screens.status.number import NumberPage
from screens.status.status import StatusPage

STORE_ZONE = timezone(timedelta(hours=8))
"""China's one time zone, without daylight saving time; a machine's own zone may be set to anything."""


def local_now() -> datetime:
    """Return the time in the zone of the store."""
    return datetime.now(STORE_ZONE)


def local_today() -> date:
    """Return the day in the zone of the store."""
    return local_now().date()


@dataclass(frozen=True, slots=True)
class Tools:
    """What screens are built with.

    Attributes:
        inputs: Gives engines, places and the calendar, for the form; the same each time.
        now: The time, for clock and greeting.
        sounds: Makes what is heard; where nothing is, the bar offers no voice.
        viewfinder: Holds what the camera sees.
    """

    inputs: Callable[[], InputTools]
    now: Callable[[], datetime] = local_now
    sounds: Sounds = field(default_factory=Silence)
    viewfinder: Viewfinder = field(default_factory=Viewfinder)


MESSAGES: Table = {
    **home_messages.MESSAGES,
    **register_messages.MESSAGES,
    **issue_card_messages.MESSAGES,
    **sign_in_messages.MESSAGES,
    **scan_messages.MESSAGES,
    **status_messages.MESSAGES,
    **member_messages.MESSAGES,
    **feedback_messages.MESSAGES,
    **children_messages.MESSAGES,
    **coupons_messages.MESSAGES,
    **benefits_messages.MESSAGES,
    **points_messages.MESSAGES,
    **rewards_messages.MESSAGES,
    **lost_messages.MESSAGES,
    **campaigns_messages.MESSAGES,
}

DONE: DoneTable = {**rewards_messages.DONE, **lost_messages.DONE, **children_messages.DONE}

ROUTES: Mapping[type, str] = {
    Attract: "attract",
    Menu: "menu",
    OutOfService: "out_of_service",
    AskingAgeBand: "age",
    Consenting: "consent",
    ReadingNotice: "notice",
    AskingMobile: "mobile",
    SendingCode: "mobile",
    AskingCode: "code",
    VerifyingCode: "code",
    FillingForm: "form",
    Reviewing: "review",
    Returned: "returned",
    InReview: "in_review",
    WritingCard: "writing",
    Activating: "writing",
    CardIssued: "issued",
    Scanning: "scan",
    EnteringNumber: "number",
    ShowingStatus: "status",
    MemberHome: "member",
    Saying: "feedback",
    Writing: "feedback_text",
    ChoosingAbout: "feedback_about",
    FeedbackSent: "feedback_sent",
    EnteringCase: "case_digits",
    ShowingCase: "case",
    ChildrenShown: "children",
    ChildShown: "child",
    CouponList: "coupons",
    CouponDetail: "coupon",
    CouponCode: "coupon",
    CampaignList: "campaigns",
    CampaignShown: "campaign",
    CampaignJoined: "campaign_joined",
    BenefitsShown: "benefits",
    ReadingChange: "change",
    ReadingWhy: "why",
    AskingWhich: "lost_which",
    ExplainingLoss: "loss",
    CardLost: "loss",
    PointsByLot: "points",
    PointsByEntry: "entries",
    StatementReady: "statement",
    PurchaseList: "purchases",
    PurchaseShown: "purchase",
    RewardList: "rewards",
    Choosing: "reward",
    CannotHave: "reward_refused",
    RedemptionShown: "redemption",
    RedemptionList: "redemptions",
    **dict.fromkeys(MESSAGES, "message"),
    **dict.fromkeys(DONE, "done"),
}
"""Name of the screen by the type of the state that it shows."""

_BUILDERS: Mapping[str, Callable[[Send, Tools], Page]] = {
    "attract": lambda send, tools: AttractPage(send, tools.now),
    "menu": lambda send, tools: MenuPage(send, tools.now),
    "out_of_service": lambda send, _tools: OutOfServicePage(send),
    "age": lambda send, _tools: AgePage(send),
    "consent": lambda send, _tools: ConsentPage(send),
    "notice": lambda send, _tools: NoticePage(send),
    "mobile": lambda send, _tools: MobilePage(send),
    "code": lambda send, _tools: CodePage(send),
    "form": lambda send, tools: FormPage(send, tools.inputs()),
    "review": lambda send, tools: ReviewPage(send, tools.inputs().regions),
    "returned": lambda send, _tools: ReturnedPage(send),
    "in_review": lambda send, _tools: InReviewPage(send),
    "writing": lambda send, _tools: WritingPage(send),
    "issued": lambda send, _tools: IssuedPage(send),
    "scan": lambda send, tools: ScanPage(send, tools.viewfinder),
    "number": lambda send, _tools: NumberPage(send),
    "status": lambda send, _tools: StatusPage(send),
    "member": lambda send, tools: MemberPage(send, tools.now),
    "feedback": lambda send, _tools: SayPage(send),
    "feedback_text": lambda send, tools: WritePage(send, tools.inputs().general),
    "feedback_about": lambda send, _tools: AboutPage(send),
    "feedback_sent": lambda send, _tools: SentPage(send),
    "case_digits": lambda send, _tools: CaseDigitsPage(send),
    "case": lambda send, _tools: CasePage(send),
    "children": lambda send, _tools: ChildrenPage(send),
    "child": lambda send, _tools: ChildPage(send),
    "coupons": lambda send, tools: CouponListPage(send, tools.now),
    "coupon": lambda send, tools: CouponPage(send, tools.now),
    "campaigns": lambda send, tools: CampaignListPage(send, tools.now),
    "campaign": lambda send, _tools: CampaignPage(send),
    "campaign_joined": lambda send, _tools: CampaignJoinedPage(send),
    "benefits": lambda send, _tools: BenefitsPage(send),
    "change": lambda send, _tools: ChangePage(send),
    "why": lambda send, _tools: WhyPage(send),
    "lost_which": lambda send, _tools: WhichPage(send),
    "loss": lambda send, _tools: LossPage(send),
    "points": lambda send, tools: ByLotPage(send, tools.now),
    "entries": lambda send, _tools: ByEntryPage(send),
    "statement": lambda send, tools: StatementPage(send, tools.now),
    "purchases": lambda send, _tools: PurchasesPage(send),
    "purchase": lambda send, _tools: PurchasePage(send),
    "rewards": lambda send, tools: CataloguePage(send, tools.now),
    "reward": lambda send, tools: ChoicePage(send, tools.now),
    "reward_refused": lambda send, tools: RefusedPage(send, tools.now),
    "redemption": lambda send, tools: RedemptionPage(send, tools.now),
    "redemptions": lambda send, tools: HistoryPage(send, tools.now),
    "message": lambda send, _tools: MessagePage(send, MESSAGES),
    "done": lambda send, _tools: DonePage(send, DONE),
}


def build_page(name: str, send: Send, tools: Tools) -> Page:
    """Return the screen `name`, new.

    Raises:
        KeyError: There is no such screen.
    """
    return _BUILDERS[name](send, tools)
