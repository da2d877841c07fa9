"""Made-up views for pictures and for the check of layouts: at least one for every state that is shown. No real person is in them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from kiosk.flows.home.state import Attract, Faulted, Menu, OutOfService
from kiosk.flows.issue_card.state import (
    Activating,
    ActivationUncertain,
    CardIssued,
    CardPulled,
    CardSpoiled,
    GivingUp,
    Interrupted,
    IssueRefused,
    Order,
    WaitingForBlank,
    WritingCard,
    WrongCard,
)
from kiosk.flows.member.state import LoadingMember, MemberHome, MemberUnavailable
from kiosk.flows.phone_proof.state import AskingCode, AskingMobile, PhoneProved, SendingCode, VerifyingCode
from kiosk.flows.register.state import (
    AskingAgeBand,
    Cancelling,
    Consenting,
    Field,
    FillingForm,
    InReview,
    LoadingNotice,
    NotAccepted,
    NoticeUnavailable,
    ProvingPhone,
    ReadingNotice,
    Returned,
    Reviewing,
    Submitting,
    SubmitUncertain,
)
from kiosk.flows.sign_in.state import Identifying, NotIdentified, ReadingCard, SigningInByPhone, WaitingForCard
from kiosk.flows.status.state import EnteringNumber, LookingUp, ProvingApplicant, ShowingStatus, StatusUnavailable, Withdrawing
from kiosk.ports.display import Chrome, ConfirmEnd, NeedMoreTime, TakeCard, View
from kiosk.ports.own_card import CardStanding, OwnCard
from kiosk.ports.perks import BirthdayGift, GiftState, OwnNews
from kiosk.ports.points import Climb
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
    DeviceInfo,
    Draft,
    Finding,
    Issued,
    IssueStage,
    Language,
    Membership,
    Reason,
    Receipt,
    StaffCall,
    TierName,
    Visitor,
)
from screens.preview_campaigns import BAKING, COUPON, LONGEST, MANY, campaign_states
from screens.preview_children import children_states, guardian_states
from screens.preview_feedback import feedback_states
from screens.preview_long_names import long_names
from screens.preview_lost import lost_states
from screens.preview_notice import notice
from screens.preview_perks import perks
from screens.preview_points import points_states
from screens.preview_rewards import rewards_states
from screens.preview_scan import OWN_CODE, scan_states

TIERS = (
    TierName("basic", "普通", "普通", "Basic"),
    TierName("silver", "银卡", "銀卡", "Silver"),
    TierName("gold", "金卡", "金卡", "Gold"),
    TierName("platinum", "铂金", "鉑金", "Platinum"),
)
DEVICE = DeviceInfo("device-03", "自助服务机 03", "湖滨店", "330106", "", TIERS)
CHROME = Chrome(is_linked=True, device=DEVICE)
UNREACHABLE = Reason("UNREACHABLE")
CARD = CardSeen(bytes.fromhex("04a1b2c3d4e5f6"), b"")
RECEIPT = Receipt(
    "K03-000127", "HR1:" + "6BFOXN*TS0BI$ZD4N9:9S6RCVN5+O30K3/XIV0W23NTDEXWK G2EP4J0BGJLFX3R3VHXK.PJ:2DPF6R:5SVBWVBDKBYLDZ4D74DWZJ" * 3
)
VISITOR = Visitor("visit", "欧阳**")
ORDER = Order("grant", RECEIPT)
_ISSUED = Issued("8800 •••• 9012", "basic", 200, (Benefit("benefit.points", 200, "2027-11-23"),), RECEIPT, "mail", "visit", "欧阳**")


Labelled = tuple[str, View]


def previews(language: Language = Language.ZH_HANS, *, is_large: bool = False) -> dict[type, list[Labelled]]:
    """Return the views by the type of their state: label and view."""
    chrome = replace(CHROME, language=language, is_large=is_large)
    made: dict[type, list[Labelled]] = {}
    for label, state, change in _states(language):
        made.setdefault(type(state), []).append((label, View(state, replace(chrome, **change))))
    for label, view in _dialogs(chrome, language):
        made.setdefault(type(view.state), []).append((label, view))
    return made


Row = tuple[str, Any, dict[str, Any]]


def _states(language: Language) -> Iterable[Row]:
    yield from _home()
    yield from _phone()
    yield from _register(language)
    yield from guardian_states(language, RECEIPT)
    yield from children_states(RECEIPT)
    yield from _form(language)
    yield from _outcome(language)
    yield from _issue()
    yield from _visit()
    yield from feedback_states()
    yield from perks(language)
    yield from points_states()
    yield from rewards_states(_membership(2))
    yield from lost_states()
    yield from scan_states()
    yield from campaign_states()
    yield from long_names(VISITOR, _membership(2), _ISSUED)


def _home() -> Iterable[Row]:
    yield "attract", Attract(), {}
    yield "attract-no-cards", Attract(), {"card_ok": False}
    yield "attract-offline", Attract(), {"is_linked": False}
    yield "attract-campaign", Attract(), {"campaigns": (BAKING, COUPON)}
    yield "attract-campaign-coupon", Attract(), {"campaigns": (COUPON,)}
    yield "attract-campaign-longest", Attract(), {"campaigns": (LONGEST,)}
    yield "attract-campaigns-many", Attract(), {"campaigns": MANY}
    yield "menu", Menu(), {}
    yield "menu-campaigns", Menu(), {"campaigns": (BAKING, COUPON)}
    yield "menu-campaigns-many", Menu(), {"campaigns": MANY}
    yield "menu-campaigns-offline", Menu(), {"campaigns": (BAKING,), "is_linked": False}
    yield "menu-offline", Menu(), {"is_linked": False}
    yield "menu-back", Menu(), {"is_back": True}
    yield "menu-staff-called", Menu(), {"staff_call": StaffCall.WAITING, "card_ok": False}
    yield "menu-staff-unreachable", Menu(), {"staff_call": StaffCall.UNREACHABLE}
    yield "fault", Faulted(Reason("PROGRAM")), {}
    yield "fault-journal", Faulted(Reason("JOURNAL_DAMAGED")), {}
    yield "out-of-service", OutOfService(Reason("DEVICE_REVOKED")), {}


def _phone() -> Iterable[Row]:
    challenge = Challenge("challenge", "138****8000", 300, 60)
    asking = AskingCode(CodePurpose.JOIN, "13800138000", challenge)
    yield "mobile-empty", AskingMobile(CodePurpose.JOIN), {}
    yield "mobile-sign-in", AskingMobile(CodePurpose.SIGN_IN, "138001"), {}
    yield "mobile-limit", AskingMobile(CodePurpose.STATUS, "13800138000", Reason("CODE_LIMIT"), 540), {}
    yield "mobile-wrong", AskingMobile(CodePurpose.JOIN, "13800138", Reason("PHONE_INVALID")), {}
    yield "mobile-sending", SendingCode(CodePurpose.JOIN, "13800138000"), {}
    yield "code-empty", asking, {}
    yield "code-typing", replace(asking, digits="603"), {"staff_call": StaffCall.ANSWERED}
    yield "code-wrong", replace(asking, reason=Reason("CODE_WRONG"), tries_left=3), {}
    yield "code-expired", replace(asking, reason=Reason("CODE_EXPIRED"), may_resend=True), {}
    yield "code-checking", VerifyingCode(replace(asking, digits="603918")), {}


def _draft(language: Language) -> Draft:
    return Draft(
        AgeBand.ADULT,
        notice(language),
        frozenset({"membership", "id_number", "mail"}),
        "13800138000",
        "138****8000",
        "proof",
        "欧阳小满",
        "1988-05-06",
        "11010519491231002X",
        Address("330000", "330100", "330106", "文一西路 99 号 3 幢 501 室", "310012"),
        "ouyang@example.com",
        "R7K2M4QX9",
    )


def _register(language: Language) -> Iterable[Row]:
    whole = notice(language)
    minor = notice(language, is_minor=True)
    yield "age", AskingAgeBand(), {}
    yield "notice-loading", LoadingNotice(Draft()), {}
    yield "notice-unavailable", NoticeUnavailable(Draft(), UNREACHABLE), {"is_linked": False}
    yield "consent-none", Consenting(Draft(), whole), {}
    yield "consent-ticked", Consenting(Draft(consents=frozenset({"membership"})), whole), {}
    yield "consent-minor", Consenting(Draft(AgeBand.FROM_14_TO_17), minor), {}
    for reason in ("NOTICE_RETIRED", "NOTICE_TEXT", "CONSENT_MISSING", "CONSENT_NOT_ALLOWED"):
        yield f"consent-again-{reason.lower()}", Consenting(replace(_draft(language), consents=frozenset()), whole, Reason(reason)), {}
    yield "notice", ReadingNotice(Consenting(Draft(), whole)), {}


def _form(language: Language) -> Iterable[Row]:
    empty = replace(_draft(language), name="", birthday="", id_number="", address=Address(), email="", referral_code="")
    empty = replace(empty, consents=frozenset({"membership"}))
    draft = _draft(language)
    yield "form-empty", FillingForm(empty), {}
    yield "form-address-place", FillingForm(replace(empty, consents=draft.consents), Field.ADDRESS), {}
    yield "form-address-street", FillingForm(draft, Field.ADDRESS), {}
    yield "form-postcode", FillingForm(draft, Field.POSTCODE), {}
    short = replace(draft, address=replace(draft.address, postcode="3100"))
    postcode = (Finding("address.postcode", Reason("POSTCODE_FORM")),)
    yield "form-postcode-wrong", FillingForm(short, Field.POSTCODE, postcode, is_mending=True), {}
    yield "form-birthday", FillingForm(empty, Field.BIRTHDAY), {}
    yield "form-id-number", FillingForm(draft, Field.ID_NUMBER), {}
    yield "form-email", FillingForm(draft, Field.EMAIL), {}
    found = (Finding("name", Reason("NAME_DIGITS")), Finding("id_number", Reason("ID_CHECK_DIGIT")))
    wrong = replace(draft, name="欧阳小满2", id_number="110105194912310021")
    yield "form-findings", FillingForm(wrong, Field.NAME, found, is_mending=True), {}
    unknown = (Finding("referral_code", Reason("REFERRAL_CODE_UNKNOWN")),)
    yield "form-referral", FillingForm(replace(draft, referral_code="R7K2M4"), Field.REFERRAL_CODE), {}
    yield "form-referral-unknown", FillingForm(draft, Field.REFERRAL_CODE, unknown, is_mending=True), {}
    yield "review", Reviewing(draft), {}
    yield "review-back", Reviewing(draft), {"is_back": True}
    yield "review-short", Reviewing(replace(empty, name="王小满")), {}


def _outcome(language: Language) -> Iterable[Row]:
    draft = _draft(language)
    found = (Finding("id_number", Reason("ID_BIRTHDAY")), Finding("address.district_code", Reason("ADDRESS_HIERARCHY")))
    yield "submitting", Submitting(draft), {}
    yield "submit-uncertain", SubmitUncertain(draft), {"is_linked": False}
    yield "cancelling", Cancelling(draft), {}
    returned = Returned(draft, "A012345678905", found, RECEIPT)
    in_review = InReview("A012345678905", ApplicationState.IN_REVIEW, RECEIPT)
    for label, shown in (("returned", returned), ("in-review", in_review)):
        yield label, shown, {}
        yield f"{label}-printer-gone", shown, {"printer_ok": False}
        for slip in ("printed", "failed", "unknown"):
            yield f"{label}-{slip}", replace(shown, slip=slip), {}
        yield f"{label}-copied", replace(shown, slip="printed", is_copy=True), {}
    many = tuple(Finding(name, Reason("FIELD_CHARACTERS")) for name in ("name", "birthday", "id_number", "email", "address.detail"))
    yield "returned-many", replace(returned, findings=many), {}
    yield "not-accepted", NotAccepted(Reason("MEMBER_EXISTS"), draft), {}


def _issue() -> Iterable[Row]:
    yield "blank", WaitingForBlank(ORDER), {}
    yield "writing", WritingCard(ORDER, CARD, "issue", IssueStage.WRITING, 3, 9), {}
    yield "writing-verifying", WritingCard(ORDER, CARD, "issue", IssueStage.VERIFYING, 8, 9), {}
    yield "activating", Activating(ORDER, CARD, "issue"), {}
    yield "card-pulled", CardPulled(ORDER, CARD, "issue", 0), {}
    yield "wrong-card", WrongCard(ORDER, Reason("CARD_FOREIGN")), {}
    yield "several-cards", WrongCard(ORDER, Reason("CARD_SEVERAL")), {}
    yield "activation-uncertain", ActivationUncertain(ORDER, CARD, "issue"), {"is_linked": False}
    yield "interrupted", Interrupted(ORDER, CARD, "issue", UNREACHABLE, 0), {}
    yield "giving-up", GivingUp(ORDER, "issue", AbortCause.CARD_FAULT, Reason("CARD_SPOILED")), {}
    yield "spoiled", CardSpoiled(ORDER, Reason("CARD_SPOILED")), {}
    yield "spoiled-unreachable", CardSpoiled(ORDER, UNREACHABLE), {}
    yield "issue-refused", IssueRefused(Reason("ISSUE_GRANT")), {}
    benefits = (
        Benefit("benefit.points", 200, "2027-11-23"),
        Benefit("benefit.coupon", 1000, "2027-01-22", 5000),
        Benefit("benefit.coupon", 500, "2026-12-23", 3000),
    )
    issued = replace(_ISSUED, benefits=benefits)
    yield "issued", CardIssued(issued), {}
    yield "issued-replacement", CardIssued(replace(issued, is_replacement=True)), {}
    many = (*benefits, Benefit("benefit.coupon", 20000, "2027-12-28", 109900), Benefit("benefit.coupon", 1250, "2027-10-31"))
    yield "issued-many", CardIssued(replace(issued, benefits=many)), {}
    yield "issued-taken", CardIssued(issued, is_taken=True, slip="printed"), {}
    yield "issued-not-printed", CardIssued(issued, slip="failed"), {}
    yield "issued-copied", CardIssued(issued, is_taken=True, slip="printed", is_copy=True), {}


def _membership(coupons: int) -> Membership:
    values = (1000, 500, 2000, 1500, 800, 600, 1200, 2500, 3000, 700, 900, 1100)[:coupons]
    held = tuple(
        Coupon("benefit.coupon", value, "2027-01-22", usable=value > 500, minimum_spend_fen=10 * value, claimable=value == 500)
        for value in values
    )
    return Membership("欧阳**", "8800 •••• 9012", "gold", 12480, 300, 800, "2026-12-30", held, ApplicationState.ACTIVE, "")


def _visit() -> Iterable[Row]:
    yield "sign-in", WaitingForCard(), {"camera_ok": True}
    yield "sign-in-no-camera", WaitingForCard(), {}
    yield "reading-card", ReadingCard(CARD), {}
    yield "identifying", Identifying("proof"), {}
    yield "not-identified-card", NotIdentified(Reason("CARD_BLOCKED"), by_card=True), {}
    yield "not-identified-lost", NotIdentified(Reason("CARD_LOST"), by_card=True, on_day="2026-11-25"), {}
    yield "not-identified-phone", NotIdentified(Reason("MEMBER_UNKNOWN"), by_card=False), {}
    yield "member-loading", LoadingMember(VISITOR), {}
    yield "member", MemberHome(VISITOR, _membership(2), OWN_CODE), {}
    climbing = replace(_membership(5), climb=Climb("platinum", 12_480, 15_000), name_masked="")
    gift = BirthdayGift(GiftState.OPEN, None, "benefit.birthday", 5_000, "2026-12-31")
    yield "member-birthday", MemberHome(VISITOR, _membership(2), OWN_CODE, OwnNews(gift, 2)), {}
    yield "member-birthday-offline", MemberHome(VISITOR, _membership(2), OWN_CODE, OwnNews(gift, 2)), {"is_linked": False}
    yield "member-news", MemberHome(VISITOR, _membership(2), OWN_CODE, OwnNews(None, 2)), {}
    yield "member-climbing", MemberHome(VISITOR, climbing, OWN_CODE), {}
    yield "member-birthday-climbing", MemberHome(VISITOR, climbing, OWN_CODE, OwnNews(gift, 1)), {}
    nothing_expires = replace(climbing, points_expiring=0, points_expire_on="", points_pending=12_345)
    yield "member-news-climbing", MemberHome(VISITOR, nothing_expires, OWN_CODE, OwnNews(None, 1)), {}
    yield "member-offline", MemberHome(VISITOR, replace(_membership(2), climb=Climb("gold", 0, 15_000))), {"is_linked": False}
    pending = replace(
        _membership(0),
        tier="basic",
        points_available=0,
        points_pending=0,
        points_expiring=0,
        issue_grant="grant",
        application_state=ApplicationState.CARD_PENDING,
    )
    yield "member-card-pending", MemberHome(VISITOR, pending), {}
    yield "member-card-pending-birthday", MemberHome(VISITOR, pending, "", OwnNews(gift, 0)), {}
    lost = replace(_membership(2), card=OwnCard(CardStanding.LOST, "2026-11-25"))
    yield "member-card-lost", MemberHome(VISITOR, lost), {}
    yield "member-unavailable", MemberUnavailable(VISITOR, UNREACHABLE), {}
    yield "number-empty", EnteringNumber(), {}
    yield "number-typed", EnteringNumber("A01234567"), {}
    yield "number-wrong", EnteringNumber("A01234567", Reason("APPLICATION_UNKNOWN")), {}
    proved = PhoneProved("13800138000", "138****8000", "proof")
    yield "looking-up", LookingUp("", proved), {}
    for state in ApplicationState:
        found = (Finding("id_number", Reason("ID_BIRTHDAY")),) if state is ApplicationState.RETURNED else ()
        status = ApplicationStatus("A012345678905", state, found, "grant" if state is ApplicationState.CARD_PENDING else "", "欧阳**")
        yield f"status-{state}", ShowingStatus(status, proved), {}
    yield "withdrawing", Withdrawing(ApplicationStatus("A012345678905", ApplicationState.IN_REVIEW, (), "", "欧阳**"), proved), {}
    yield "status-unavailable", StatusUnavailable(Reason("APPLICATION_UNKNOWN")), {}
    yield "proving-phone", ProvingPhone(Draft(), AskingMobile(CodePurpose.JOIN, "138")), {}
    yield "signing-in-by-phone", SigningInByPhone(AskingMobile(CodePurpose.SIGN_IN)), {}
    yield "proving-applicant", ProvingApplicant("", AskingMobile(CodePurpose.STATUS)), {}


def _dialogs(chrome: Chrome, language: Language) -> Iterable[Labelled]:
    home = MemberHome(VISITOR, _membership(2))
    yield "need-more-time", View(home, chrome, NeedMoreTime(20, card_on_reader=True))
    yield "need-more-time-form", View(FillingForm(_draft(language)), chrome, NeedMoreTime(20))
    yield "confirm-end", View(FillingForm(_draft(language)), chrome, ConfirmEnd())
    yield "confirm-end-card", View(WritingCard(ORDER, CARD), chrome, ConfirmEnd(card_on_reader=True))
    yield "take-card", View(Attract(), chrome, TakeCard())
