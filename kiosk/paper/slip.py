"""What stands on a slip, as values. Knows nothing of how it looks.

Everything that the receipt proves (number, moment, masked membership number, points, consents, application number) is taken
from the signed text `code` and is not given a second time. The masked name is not among it: it helps members to know their slips.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


class Words(Protocol):
    """Says a text of the catalogue in the language of the slip; `kiosk.texts.Speaker` in the product."""

    def __call__(self, key: str, /, **values: object) -> str:
        """Return the text of `key` with `values` filled in."""
        ...


@dataclass(frozen=True, slots=True)
class Shop:
    """Where the slip is printed, and whom to ask: shown as given, e.g. 湖滨店, 400-000-0000, 8:00–21:30."""

    store_name: str
    service_phone: str
    service_hours: str


@dataclass(frozen=True, slots=True)
class Line:
    """A label and what belongs to it, both in the language of the slip; never personal beyond masked values."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class ApplicationSlip:
    """An application was received and is being looked at."""

    shop: Shop
    code: str


@dataclass(frozen=True, slots=True)
class MembershipSlip:
    """A membership began, or a new card took the place of a lost one.

    Attributes:
        shop: Where.
        code: The receipt, HR1.
        tier: Name of the tier.
        benefits: What came with it, and until when or how to use it.
        welcome_channel: "mail", "sms", or empty where no message goes out.
        name_masked: Whose, as it may be shown; empty where the centre does not say it.
    """

    shop: Shop
    code: str
    tier: str
    benefits: tuple[Line, ...] = ()
    welcome_channel: str = ""
    is_replacement: bool = False
    name_masked: str = ""


@dataclass(frozen=True, slots=True)
class ReturnedSlip:
    """An application was given back: field by field what to mend."""

    shop: Shop
    code: str
    findings: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class RedemptionSlip:
    """Points were spent on a reward; the receipt says which, and with which code it is picked up.

    Attributes:
        last_day: Last day on which it can be picked up, in words of the slip's language; empty where nothing is.
        name_masked: Whose, as it may be shown. It is no part of what is signed.
    """

    shop: Shop
    code: str
    last_day: str = ""
    name_masked: str = ""


@dataclass(frozen=True, slots=True)
class DeedSlip:
    """Something was done that the receipt names, by its kind.

    Attributes:
        gave: What it gave, in words of the slip's language; empty where nothing was given.
        name_masked: Whose, as it may be shown. It is no part of what is signed.
    """

    shop: Shop
    code: str
    gave: str = ""
    name_masked: str = ""


@dataclass(frozen=True, slots=True)
class FeedbackSlip:
    """Feedback was received. It proves nothing and is not signed: its code leads its holder back to the case.

    Attributes:
        shop: Where.
        case_number: Ten digits.
        secret: Six digits: whoever holds the slip may see the case.
        code: What the QR code says.
        reply_by: By when there is a reply, in words.
    """

    shop: Shop
    case_number: str
    secret: str
    code: str
    reply_by: str


@dataclass(frozen=True, slots=True)
class Item:
    """A row of a statement: what it is, its points, and what is to be known of it in smaller type; "" for nothing more."""

    label: str
    value: str
    note: str


@dataclass(frozen=True, slots=True)
class StatementSlip:
    """A member's points at a moment. It is told, not signed: no purchase and no right hangs on the paper.

    Attributes:
        made_at: Moment in the zone of the store, YYYY-MM-DD HH:MM.
        number_masked: Membership number as it may be shown.
        sums: Available, pending, and what ends next.
        lots: Every lot, in the order in which they are spent.
        movements: The newest first.
        is_whole: There are no older movements.
        part: Which slip of the statement this is, from 1; the rows of all together are the statement's.
        parts: How many there are.
    """

    shop: Shop
    made_at: str
    number_masked: str
    sums: tuple[Line, ...]
    lots: tuple[Item, ...]
    movements: tuple[Item, ...]
    is_whole: bool
    part: int = 1
    parts: int = 1


ReceiptSlip = ApplicationSlip | MembershipSlip | ReturnedSlip | RedemptionSlip | DeedSlip
"""Slips whose code is a signed receipt."""

Slip = ReceiptSlip | FeedbackSlip | StatementSlip
