"""States, events and effects of feedback. A guest has no visitor; a member comes back to their own pages."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from kiosk.ports.feedback import Case, CaseKey, Category, Department, Quick, Said, Ticket, Verdict
from kiosk.ports.values import Reason, Visitor


class Typed(StrEnum):
    """What the keyboard types."""

    TEXT = "text"
    RECEIPT_NUMBER = "receipt_number"


@dataclass(frozen=True, slots=True)
class Saying:
    """Faces, phrases and what else can be said; a face is enough."""

    visitor: Visitor | None
    said: Said = field(default_factory=Said)


@dataclass(frozen=True, slots=True)
class Writing:
    """The keyboard is open; from whichever page it was opened, that one comes again."""

    visitor: Visitor | None
    said: Said
    typed: Typed = Typed.TEXT
    is_from_about: bool = False


@dataclass(frozen=True, slots=True)
class ChoosingAbout:
    """Where it was and what it is about."""

    visitor: Visitor | None
    said: Said


@dataclass(frozen=True, slots=True)
class SendingFeedback:
    """The centre is asked."""

    visitor: Visitor | None
    said: Said


@dataclass(frozen=True, slots=True)
class NotSent:
    """Not received: why, and after how many seconds trying again may help; 0 where that is not known. Nothing of what was said is lost."""

    visitor: Visitor | None
    said: Said
    reason: Reason
    wait_s: int = 0


@dataclass(frozen=True, slots=True)
class FeedbackSent:
    """Received: case number, and the slip: printing, printed or failed."""

    visitor: Visitor | None
    ticket: Ticket
    slip: str = "printing"


@dataclass(frozen=True, slots=True)
class EnteringCase:
    """The digits of number and secret are typed from the slip; `said` waits meanwhile, as in the states that follow."""

    visitor: Visitor | None
    digits: str = field(default="", repr=False)
    reason: Reason | None = None
    said: Said = field(default_factory=Said)


@dataclass(frozen=True, slots=True)
class LookingUpCase:
    """The centre looks; digits are empty where a member asks for the newest case of their own."""

    visitor: Visitor | None
    digits: str = field(repr=False)
    said: Said = field(default_factory=Said)


@dataclass(frozen=True, slots=True)
class ShowingCase:
    """Where the case stands, and what was replied."""

    visitor: Visitor | None
    case: Case
    key: CaseKey


@dataclass(frozen=True, slots=True)
class JudgingCase:
    """The verdict is sent."""

    visitor: Visitor | None
    case: Case
    key: CaseKey
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class CaseUnavailable:
    """No: the reason says why."""

    visitor: Visitor | None
    digits: str = field(repr=False)
    reason: Reason
    wait_s: int = 0
    said: Said = field(default_factory=Said)


FeedbackState = (
    Saying
    | Writing
    | ChoosingAbout
    | SendingFeedback
    | NotSent
    | FeedbackSent
    | EnteringCase
    | LookingUpCase
    | ShowingCase
    | JudgingCase
    | CaseUnavailable
)


@dataclass(frozen=True, slots=True)
class FaceChosen:
    """A face was touched, 1 to 5."""

    face: int


@dataclass(frozen=True, slots=True)
class QuickToggled:
    """A phrase was touched."""

    quick: Quick


@dataclass(frozen=True, slots=True)
class AnonymousToggled:
    """With or without a name."""


@dataclass(frozen=True, slots=True)
class WritingChosen:
    """Open the keyboard."""

    typed: Typed = Typed.TEXT


@dataclass(frozen=True, slots=True)
class WordsTyped:
    """The field of the keyboard now holds this."""

    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class AboutChosen:
    """Say where it was and what it is about."""


@dataclass(frozen=True, slots=True)
class DepartmentChosen:
    """A part of the store was touched; the one that was chosen is taken back."""

    department: Department


@dataclass(frozen=True, slots=True)
class CategoryChosen:
    """A category was touched; the one that was chosen is taken back."""

    category: Category


@dataclass(frozen=True, slots=True)
class FeedbackReceived:
    """The centre has it."""

    ticket: Ticket


@dataclass(frozen=True, slots=True)
class FollowUpChosen:
    """Ask what became of earlier feedback."""


@dataclass(frozen=True, slots=True)
class CaseDigitsTyped:
    """The field of the number pad now holds this; a code that was read comes as what it says."""

    digits: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class CaseLoaded:
    """Where the case stands."""

    case: Case


@dataclass(frozen=True, slots=True)
class VerdictGiven:
    """It helped, or it did not."""

    verdict: Verdict


@dataclass(frozen=True, slots=True)
class SubmitFeedback:
    """Effect: send it; answers FeedbackReceived."""

    visit_token: str
    said: Said


@dataclass(frozen=True, slots=True)
class PrintFeedbackSlip:
    """Effect: print the slip; answers SlipPrinted or SlipFailed."""

    ticket: Ticket


@dataclass(frozen=True, slots=True)
class LoadCase:
    """Effect: ask the centre; answers CaseLoaded."""

    key: CaseKey


@dataclass(frozen=True, slots=True)
class GiveVerdict:
    """Effect: send the verdict; answers CaseLoaded."""

    key: CaseKey
    verdict: Verdict
