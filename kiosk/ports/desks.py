"""The central service as flows know it. Each call raises `kiosk.ports.errors.DeskError`; Thread: loop."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from kiosk.ports.campaigns import Board, CampaignLook, Joined
from kiosk.ports.own_card import HotlistDelta, OwnCard
from kiosk.ports.perks import AnnouncedChange, BirthdayGift, ExplanationLine, OwnCoupon, ReferralOffer, ShownCoupon, WhyBenefits
from kiosk.ports.points import EntriesPage, PointsAccount, PurchaseDetail, PurchasesPage
from kiosk.ports.values import (
    AbortCause,
    AgeBand,
    ApplicationStatus,
    CardSeen,
    Challenge,
    CodePurpose,
    DeviceInfo,
    Draft,
    Issued,
    IssueStage,
    Language,
    LeftVisit,
    MemberCode,
    Membership,
    Notice,
    Receipt,
    RequestId,
    StaffCall,
    Submitted,
    TierName,
    Visitor,
)


class EnrollmentDesk(Protocol):
    """Joining."""

    async def notice(self, language: Language, age_band: AgeBand) -> Notice:
        """Return the notice in force."""
        ...

    async def send_code(
        self, request_id: RequestId, mobile: str, purpose: CodePurpose, language: Language, visit_token: str = ""
    ) -> Challenge:
        """Have a one-time code sent to the number, or, where none is given, to that of the visit's member."""
        ...

    async def verify_code(self, challenge_id: str, code: str) -> str:
        """Return the proof of the phone number."""
        ...

    async def submit(self, request_id: RequestId, draft: Draft, language: Language) -> Submitted:
        """Send the application; the same id again gives the same answer."""
        ...

    async def status(self, application_number: str, phone_proof: str) -> ApplicationStatus:
        """Tell where an application stands; an empty number finds the newest of this phone."""
        ...

    async def withdraw(self, request_id: RequestId, application_number: str, phone_proof: str) -> None:
        """Withdraw an application that is not approved yet."""
        ...

    async def cancel_request(self, request_id: RequestId) -> bool:
        """Close the fate of a request whose answer was lost; true where it had been applied."""
        ...


@dataclass(frozen=True, slots=True)
class CardCommand:
    """A command APDU (ISO 7816-4) and the status words after which the next one is sent."""

    apdu: bytes
    go_on: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class IssueBegun:
    """First batch of an issue."""

    issue_id: str
    dialog_id: str
    commands: tuple[CardCommand, ...]
    stage: IssueStage
    resumed: bool


@dataclass(frozen=True, slots=True)
class VisitBegun:
    """First batch of a visit; `unfinished_issue_id` is set where this card is half written."""

    dialog_id: str
    commands: tuple[CardCommand, ...]
    unfinished_issue_id: str


@dataclass(frozen=True, slots=True)
class UpdateBegun:
    """First batch of what brings a card up to date."""

    dialog_id: str
    commands: tuple[CardCommand, ...]


@dataclass(frozen=True, slots=True)
class Greeted:
    """The member is known; what the card says of them may be behind."""

    visitor: Visitor
    is_card_behind: bool


@dataclass(frozen=True, slots=True, repr=False)
class VisitSession:
    """Session of secure messaging for one visit: TI 4 bytes, two AES keys of 16 bytes, command counter. Secret."""

    ti: bytes
    enc_key: bytes
    mac_key: bytes
    command_counter: int


@dataclass(frozen=True, slots=True)
class Batch:
    """Next commands, or the end where there are none."""

    commands: tuple[CardCommand, ...]
    stage: IssueStage | None
    session: VisitSession | None
    done: int
    total: int


class CardDesk(Protocol):
    """Cards: the centre computes, the kiosk relays."""

    async def begin_issue(self, request_id: RequestId, grant: str, card: CardSeen) -> IssueBegun:
        """Begin or resume writing the card."""
        ...

    async def begin_visit(self, card: CardSeen) -> VisitBegun:
        """Begin a visit with the card."""
        ...

    async def next_commands(self, dialog_id: str, batch: int, responses: tuple[bytes, ...]) -> Batch:
        """Bring answers, get the next batch."""
        ...

    async def complete_visit(self, dialog_id: str, identity: bytes, snapshot: bytes) -> Greeted:
        """End the card's part of a visit."""
        ...

    async def begin_update(self, visit_token: str, card: CardSeen) -> UpdateBegun:
        """Begin to bring the member's card up to date; it is, once no commands follow."""
        ...

    async def confirm_issue(self, request_id: RequestId, issue_id: str) -> Issued:
        """Activate a card that was verified."""
        ...

    async def abort_issue(self, request_id: RequestId, issue_id: str, cause: AbortCause) -> tuple[bool, str]:
        """Give up; returns whether the card is spoiled and the grant for another one."""
        ...


class LossDesk(Protocol):
    """Lost and found cards."""

    async def own_card(self, visit_token: str) -> OwnCard:
        """Tell how it stands with the member's card."""
        ...

    async def report_lost(self, request_id: RequestId, visit_token: str) -> tuple[str, Receipt | None]:
        """Have the card refused everywhere; returns the day of the report and what proves it. The same id again changes nothing."""
        ...

    async def withdraw_loss(self, request_id: RequestId, visit_token: str) -> Receipt | None:
        """Make the card valid again; returns what proves it."""
        ...

    async def replace_card(self, request_id: RequestId, visit_token: str) -> str:
        """Return the grant for a new card."""
        ...

    async def turn_in(self, request_id: RequestId, uid: bytes) -> None:
        """Note that a found card was handed in."""
        ...

    async def hotlist(self, known_version: int) -> HotlistDelta:
        """Return which cards were reported lost since a version."""
        ...


class MemberDesk(Protocol):
    """The member's own view."""

    async def identify(self, phone_proof: str) -> Visitor:
        """Sign in with a proved phone number."""
        ...

    async def membership(self, visit_token: str) -> Membership:
        """Return the member's own view."""
        ...

    async def keep_visit(self, visit_token: str) -> None:
        """Say that the member is still there; refused with VISIT_OVER where the visit was ended, e.g. by going on elsewhere."""
        ...

    async def end_visit(self, visit_token: str, left_at_page: str = "") -> None:
        """End the visit; a page is named where nobody ended it but time."""
        ...


class CredentialDesk(Protocol):
    """Codes that members show."""

    async def identify_by_code(self, text: str) -> Visitor:
        """Sign in with a member's code; one that was not made by the centre is refused here and not sent."""
        ...

    async def use_receipt(self, request_id: RequestId, text: str) -> LeftVisit:
        """Tell what a receipt leads to; one that was not made by the centre is refused here and not sent."""
        ...

    async def make_code(self, visit_token: str) -> MemberCode:
        """Return a new code of the member who is here."""
        ...


class CouponDesk(Protocol):
    """The member's own coupons."""

    async def coupons(self, visit_token: str) -> tuple[OwnCoupon, ...]:
        """Return all of them: what can be used first."""
        ...

    async def claim_coupon(self, request_id: RequestId, visit_token: str, coupon_id: str) -> None:
        """Take a coupon; the same id again changes nothing."""
        ...

    async def show_coupon(self, visit_token: str, coupon_id: str) -> ShownCoupon:
        """Return the code that a till takes."""
        ...


class BenefitDesk(Protocol):
    """What a member has beside points and coupons."""

    async def birthday_gift(self, visit_token: str) -> BirthdayGift:
        """Tell how it stands with the birthday gift; nothing is given."""
        ...

    async def ask_birthday_gift(self, request_id: RequestId, visit_token: str) -> BirthdayGift:
        """Have the birthday gift given; the same id again gives the same answer."""
        ...

    async def referral(self, visit_token: str) -> ReferralOffer:
        """Return the member's code for others who join."""
        ...

    async def changes(self, language: Language) -> tuple[AnnouncedChange, ...]:
        """Return the changes of benefits that members are told of, the next one first."""
        ...

    async def why_sale(self, visit_token: str, sale_id: str, language: Language) -> tuple[ExplanationLine, ...]:
        """Tell in at most three lines why a purchase earned what it earned."""
        ...

    async def why_redemption(self, visit_token: str, redemption_id: str, language: Language) -> tuple[ExplanationLine, ...]:
        """Tell in at most three lines what became of a redemption and which points paid."""
        ...

    async def why_benefits(self, visit_token: str, language: Language) -> WhyBenefits:
        """Tell why the tier and the birthday gift are as they are."""
        ...


class CampaignDesk(Protocol):
    """Campaigns of this store."""

    async def board(self, known_version: int) -> Board:
        """Return what changed since a version; 0 is none."""
        ...

    async def campaign(self, visit_token: str, campaign_id: str, language: Language) -> CampaignLook:
        """Return one as it stands with the member; with an empty token as nobody sees it."""
        ...

    async def join(self, request_id: RequestId, visit_token: str, campaign_id: str, language: Language) -> Joined:
        """Take part, with a receipt in that language; the same id again gives the same answer, without the coupon's code."""
        ...

    async def wish_reminder(self, request_id: RequestId, visit_token: str, campaign_id: str) -> None:
        """Agree to be told once by message when one can take part."""
        ...


class PointsDesk(Protocol):
    """The member's own points and purchases."""

    async def account(self, visit_token: str, language: Language) -> PointsAccount:
        """Return what there is, by lot; campaigns are called by their titles in that language."""
        ...

    async def entries(self, visit_token: str, page: str, size: int, language: Language) -> EntriesPage:
        """Return `size` movements, 1 to 100, from a page on; "" is the newest. Campaigns are called by their titles in that language."""
        ...

    async def purchases(self, visit_token: str, page: str, size: int) -> PurchasesPage:
        """Return `size` purchases, 1 to 100, from a page on; "" is the newest."""
        ...

    async def purchase(self, visit_token: str, sale_id: str) -> PurchaseDetail:
        """Return one purchase."""
        ...


class DeviceDesk(Protocol):
    """The device itself."""

    async def hello(self, last_device_seq: int) -> DeviceInfo:
        """Tell who this device is."""
        ...

    async def call_staff(self, request_id: RequestId, screen: str, language: Language) -> str:
        """Call staff; returns the call's handle."""
        ...

    async def heartbeat(self, *, card_reader_ok: bool, printer_ok: bool) -> tuple[TierName, ...]:
        """Give a sign of life; returns what the tiers are called now."""
        ...

    async def staff_call(self, call_id: str) -> StaffCall:
        """Tell whether somebody comes."""
        ...
