"""Feedback as flows know it: what is said, the case that it becomes, and the desk at the centre that takes it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from kiosk.ports.values import Language, RequestId

LONGEST_TEXT = 200
"""Characters that can be typed here; the centre keeps more."""
LONGEST_RECEIPT_NUMBER = 40
NUMBER_DIGITS = 10
SECRET_DIGITS = 6
QR_PREFIX = "FB1:"
"""Before the digits of number and secret in the QR code of a slip."""


class Category(StrEnum):
    """What feedback is about."""

    STAFF = "staff"
    CHECKOUT = "checkout"
    GOODS = "goods"
    PRICE = "price"
    MEMBERSHIP = "membership"
    OTHER = "other"


class Department(StrEnum):
    """Where in the store it was."""

    CHECKOUT = "checkout"
    FRESH = "fresh"
    GROCERY = "grocery"
    HOUSEHOLD = "household"
    SERVICE_DESK = "service_desk"
    ENTRANCE = "entrance"


class Quick(StrEnum):
    """A quick phrase: one tap says it."""

    STAFF_KIND = "staff_kind"
    CHECKOUT_QUICK = "checkout_quick"
    FRESH_GOOD = "fresh_good"
    LABELS_CLEAR = "labels_clear"
    RETURNS_EASY = "returns_easy"
    POINTS_WORTH = "points_worth"
    CHECKOUT_SLOW = "checkout_slow"
    GOODS_NOT_FOUND = "goods_not_found"
    FRESH_BAD = "fresh_bad"
    LABEL_WRONG = "label_wrong"
    STAFF_RUDE = "staff_rude"
    RETURNS_HARD = "returns_hard"


_PRAISE = (Quick.STAFF_KIND, Quick.LABELS_CLEAR, Quick.FRESH_GOOD, Quick.CHECKOUT_QUICK, Quick.POINTS_WORTH, Quick.RETURNS_EASY)
_MIXED = (Quick.STAFF_KIND, Quick.LABELS_CLEAR, Quick.FRESH_GOOD, Quick.CHECKOUT_SLOW, Quick.GOODS_NOT_FOUND, Quick.RETURNS_EASY)
_TROUBLE = (Quick.STAFF_RUDE, Quick.LABEL_WRONG, Quick.FRESH_BAD, Quick.CHECKOUT_SLOW, Quick.GOODS_NOT_FOUND, Quick.RETURNS_HARD)
QUICK_OF_FACE = {1: _TROUBLE, 2: _TROUBLE, 3: _MIXED, 4: _MIXED, 5: _PRAISE}
"""Which phrases fit which face; the centre takes no others."""


@dataclass(frozen=True, slots=True, repr=False)
class Said:
    """What is said while it is being said; personal, never logged (no repr). Face 1 to 5, 0 while none is chosen."""

    face: int = 0
    quick: tuple[Quick, ...] = ()
    category: Category | None = None
    department: Department | None = None
    text: str = ""
    receipt_number: str = ""
    is_anonymous: bool = False
    campaign_id: str = ""


@dataclass(frozen=True, slots=True)
class Ticket:
    """It was received; days as YYYY-MM-DD.

    Attributes:
        case_number: Ten digits.
        secret: Six digits: with the number, whoever holds the slip can follow the case up.
        reply_by: By when there is a reply.
        is_trimmed: The text was longer than what is kept.
        is_masked: Numbers of people were taken out of the text.
        is_told: A message will tell the member that there is a reply.
    """

    case_number: str
    secret: str = field(repr=False)
    reply_by: str
    is_trimmed: bool = False
    is_masked: bool = False
    is_told: bool = False

    @property
    def digits(self) -> str:
        """Return what is typed to follow the case up."""
        return self.case_number + self.secret

    @property
    def code(self) -> str:
        """Return what the slip's QR code says."""
        return QR_PREFIX + self.digits


class CaseState(StrEnum):
    """Where a case stands, as the centre says."""

    RECEIVED = "received"
    CLASSIFIED = "classified"
    ASSIGNED = "assigned"
    REPLIED = "replied"
    CLOSED = "closed"
    REOPENED = "reopened"


class Verdict(StrEnum):
    """What the member says of a reply."""

    HELPED = "helped"
    NOT_HELPED = "not_helped"


@dataclass(frozen=True, slots=True)
class CaseReply:
    """A reply of staff; the day as YYYY-MM-DD."""

    text: str = field(repr=False)
    on: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """A case as its member sees it; days as YYYY-MM-DD, replies the oldest first."""

    number: str
    state: CaseState
    face: int
    received_on: str
    reply_by: str
    replies: tuple[CaseReply, ...]
    verdict: Verdict | None
    may_judge: bool


@dataclass(frozen=True, slots=True, repr=False)
class CaseKey:
    """Which case, and why one may see it: the token of its member's visit, or the secret of its slip.

    An empty number asks for the member's case whose reply waits for a verdict, else for the newest.
    """

    number: str = ""
    visit_token: str = ""
    secret: str = ""


class FeedbackDesk(Protocol):
    """Feedback at the centre. Each call raises `kiosk.ports.errors.DeskError`; Thread: loop."""

    async def submit_feedback(self, request_id: RequestId, visit_token: str, said: Said, language: Language) -> Ticket:
        """Send feedback; the same id again gives the same ticket. An anonymous one takes no token along."""
        ...

    async def case(self, key: CaseKey) -> Case:
        """Tell where a case stands."""
        ...

    async def judge(self, request_id: RequestId, key: CaseKey, verdict: Verdict) -> Case:
        """Say whether the reply helped."""
        ...
