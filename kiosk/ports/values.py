"""Values that flows pass about: the form, the notice, what the centre answers. Personal ones are marked."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import NewType

from kiosk.ports.own_card import OwnCard
from kiosk.ports.points import Climb

Reason = NewType("Reason", str)
"""Name of a reason in proto/member/v1/reason.proto without its prefix, e.g. "CODE_WRONG"."""

RequestId = NewType("RequestId", str)
"""UUIDv7 of one intent, made at the moment of the intent and kept for all its attempts."""


class Language(StrEnum):
    """Languages of the screens; the first is the source."""

    ZH_HANS = "zh-Hans"
    ZH_HANT = "zh-Hant"
    EN = "en"


class AgeBand(StrEnum):
    """Age band that the member states first."""

    UNDER_14 = "under_14"
    FROM_14_TO_17 = "14_to_17"
    ADULT = "adult"


class CodePurpose(StrEnum):
    """What a one-time code is asked for."""

    JOIN = "join"
    SIGN_IN = "sign_in"
    STATUS = "status"
    REDEEM = "redeem"
    GUARDIAN = "guardian"


class ApplicationState(StrEnum):
    """Where an application stands, as the centre says."""

    CARD_PENDING = "card_pending"
    ACTIVE = "active"
    IN_REVIEW = "in_review"
    RETURNED = "returned"
    HELD = "held"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


class IssueStage(StrEnum):
    """Step of personalisation that the screen names."""

    CHECKING = "checking"
    WRITING = "writing"
    VERIFYING = "verifying"
    WRITTEN = "written"


class AbortCause(StrEnum):
    """Why the kiosk gives an issue up."""

    NOT_STARTED = "not_started"
    CARD_GONE = "card_gone"
    CARD_FAULT = "card_fault"
    READER_FAULT = "reader_fault"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong with one field of the form."""

    field: str
    reason: Reason


@dataclass(frozen=True, slots=True)
class Purpose:
    """A purpose to which the member says yes or no; `allowed` is false where the age band may not be asked."""

    id: str
    title: str
    note: str
    mandatory: bool
    allowed: bool


@dataclass(frozen=True, slots=True)
class Notice:
    """The notice in force, in one language; `sha256` is the hex digest of `full_text`."""

    version: str
    language: Language
    sha256: str
    summary: tuple[tuple[str, str], ...]
    full_text: str
    purposes: tuple[Purpose, ...]


@dataclass(frozen=True, slots=True, repr=False)
class Address:
    """Postal address; codes are those of GB/T 2260, 6 digits; `detail` is personal."""

    province_code: str = ""
    city_code: str = ""
    district_code: str = ""
    detail: str = ""
    postcode: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class Draft:
    """The application while it is being filled; personal, never logged (no repr), dropped when the session ends.

    Attributes:
        mobile: As typed; empty for a child, whose contact is the guardian's: `mobile_masked` and `phone_proof` are of that one.
        guardian: Name of a child's guardian as it may be shown.
        replaces_application: Number of the returned application that this one mends; `corrections` is what was found wrong with it.
    """

    age_band: AgeBand = AgeBand.ADULT
    notice: Notice | None = None
    consents: frozenset[str] = field(default_factory=frozenset)
    mobile: str = ""
    mobile_masked: str = ""
    phone_proof: str = ""
    name: str = ""
    birthday: str = ""
    id_number: str = ""
    address: Address = field(default_factory=Address)
    email: str = ""
    referral_code: str = ""
    replaces_application: str = ""
    guardian: str = ""
    corrections: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class GuardianSeen:
    """A member who may be a guardian, as the centre shows one."""

    name_masked: str
    mobile_masked: str


@dataclass(frozen=True, slots=True)
class Challenge:
    """A one-time code that was sent."""

    id: str
    mobile_masked: str
    expires_in_s: int
    resend_after_s: int


@dataclass(frozen=True, slots=True)
class Receipt:
    """A signed receipt: its number and the HR1 text that verifies without the centre."""

    number: str
    code: str


@dataclass(frozen=True, slots=True)
class Submitted:
    """What became of an application."""

    application_number: str
    state: ApplicationState
    findings: tuple[Finding, ...]
    issue_grant: str
    receipt: Receipt


@dataclass(frozen=True, slots=True)
class ApplicationStatus:
    """Where an application stands."""

    application_number: str
    state: ApplicationState
    findings: tuple[Finding, ...]
    issue_grant: str
    name_masked: str


@dataclass(frozen=True, slots=True)
class CardSeen:
    """A card on the reader: UID of 7 bytes (4 or 10 for foreign ones) and ATR."""

    uid: bytes
    atr: bytes


@dataclass(frozen=True, slots=True)
class Benefit:
    """A benefit of joining; amount in points or fen, last day as YYYY-MM-DD or empty.

    Attributes:
        minimum_spend_fen: Purchase from which a coupon can be used, 0 where any will do.
    """

    text_key: str
    amount: int
    valid_until: str
    minimum_spend_fen: int = 0


@dataclass(frozen=True, slots=True)
class Issued:
    """The card is active.

    Attributes:
        name_masked: As it may be shown, empty where an older centre does not say it.
        is_replacement: It takes the place of a lost card: nothing is new but the card.
    """

    membership_number_masked: str
    tier: str
    points: int
    benefits: tuple[Benefit, ...]
    receipt: Receipt
    welcome_channel: str
    visit_token: str
    name_masked: str = ""
    is_replacement: bool = False


@dataclass(frozen=True, slots=True)
class Visitor:
    """A member who is identified: token of the visit, the name as it may be shown, and the card, where it was by that."""

    visit_token: str
    name_masked: str
    card: CardSeen | None = None


@dataclass(frozen=True, slots=True, repr=False)
class MemberCode:
    """A code for the member to show, and after how many seconds the next one is asked for."""

    text: str
    refresh_after_s: int


@dataclass(frozen=True, slots=True)
class LeftVisit:
    """What a receipt leads to: a visit that goes on, on its page, or the number of an application."""

    visitor: Visitor | None
    page: str = ""
    application_number: str = ""


@dataclass(frozen=True, slots=True)
class Coupon:
    """A coupon that the member holds or can claim; value in fen, last day as YYYY-MM-DD.

    Attributes:
        usable: A till takes it today.
        minimum_spend_fen: Purchase from which it can be used, 0 where any will do.
    """

    text_key: str
    value_fen: int
    valid_until: str
    usable: bool
    minimum_spend_fen: int = 0
    claimable: bool = False


@dataclass(frozen=True, slots=True)
class Membership:
    """My membership, everything masked by the centre; no climb: there is no tier above; no card: its standing was not asked."""

    name_masked: str
    membership_number_masked: str
    tier: str
    points_available: int
    points_pending: int
    points_expiring: int
    points_expire_on: str
    coupons: tuple[Coupon, ...]
    application_state: ApplicationState
    issue_grant: str
    climb: Climb | None = None
    card: OwnCard | None = None


@dataclass(frozen=True, slots=True)
class TierName:
    """A tier of the programme in each language; in Chinese without 会员."""

    tier: str
    zh_hans: str
    zh_hant: str
    en: str

    def in_language(self, language: Language) -> str:
        """Return the name."""
        return {Language.ZH_HANS: self.zh_hans, Language.ZH_HANT: self.zh_hant, Language.EN: self.en}[language]


@dataclass(frozen=True, slots=True)
class DeviceInfo:
    """Who this device is, as the centre says, and what it calls the tiers of its programme."""

    device_id: str
    device_name: str
    store_name: str
    store_region_code: str
    development_notice: str
    tiers: tuple[TierName, ...] = ()

    def tier_name(self, tier: str, language: Language) -> str:
        """Return what the centre calls a tier, "" where it never said so."""
        return next((one.in_language(language) for one in self.tiers if one.tier == tier), "")


class StaffCall(StrEnum):
    """State of a call for staff, as the screen says it."""

    NONE = "none"
    WAITING = "waiting"
    ANSWERED = "answered"
    CLOSED = "closed"
    UNREACHABLE = "unreachable"
