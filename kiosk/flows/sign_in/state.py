"""States, events and effects of signing in."""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.flows.phone_proof.state import PhoneState
from kiosk.ports.values import CardSeen, Reason, Visitor


@dataclass(frozen=True, slots=True)
class WaitingForCard:
    """Lay the card down, or choose the phone."""


@dataclass(frozen=True, slots=True)
class ReadingCard:
    """The card is read; under a second."""

    card: CardSeen
    attempt: int = 0


@dataclass(frozen=True, slots=True, repr=False)
class SigningInByPhone:
    """The phone number is proved; the inner state says how far."""

    phone: PhoneState


@dataclass(frozen=True, slots=True)
class Identifying:
    """The centre looks the number up."""

    phone_proof: str


@dataclass(frozen=True, slots=True)
class NotIdentified:
    """No: the reason says why and what helps, `on_day` since when (YYYY-MM-DD or empty). A card is to be taken away first."""

    reason: Reason
    by_card: bool
    on_day: str = ""


SignInState = WaitingForCard | ReadingCard | SigningInByPhone | Identifying | NotIdentified


@dataclass(frozen=True, slots=True)
class PhoneChosen:
    """By phone, please."""


@dataclass(frozen=True, slots=True)
class ScanChosen:
    """By a code before the camera, please."""


@dataclass(frozen=True, slots=True)
class MemberIdentified:
    """The member is known."""

    visitor: Visitor


@dataclass(frozen=True, slots=True)
class CardUnfinished:
    """This card is one of ours and half written: it is finished now."""

    card: CardSeen


@dataclass(frozen=True, slots=True)
class CardUnreadable:
    """The card went away or did not verify."""

    reason: Reason


@dataclass(frozen=True, slots=True)
class ReadCard:
    """Read and authenticate the card; answers MemberIdentified, CardUnfinished, CardUnreadable or a desk event."""

    card: CardSeen
    attempt: int


@dataclass(frozen=True, slots=True)
class IdentifyByPhone:
    """Look the member up; answers MemberIdentified."""

    phone_proof: str
