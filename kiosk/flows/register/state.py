"""States, events and effects of joining."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from kiosk.flows.phone_proof.state import PhoneState
from kiosk.ports.values import Address, AgeBand, ApplicationState, Draft, Finding, GuardianSeen, Notice, Reason, Receipt, Submitted


class Field(StrEnum):
    """Fields of the form, named as in the contract (a postcode is the address's there); the order is that of the screen."""

    NAME = "name"
    ADDRESS = "address"
    POSTCODE = "postcode"
    BIRTHDAY = "birthday"
    ID_NUMBER = "id_number"
    EMAIL = "email"
    REFERRAL_CODE = "referral_code"


@dataclass(frozen=True, slots=True, repr=False)
class AskingAgeBand:
    """First question; nothing is stored of it but the band. `draft` is empty but where a returned application is mended."""

    draft: Draft = field(default_factory=Draft)


@dataclass(frozen=True, slots=True, repr=False)
class GuardianNeeded:
    """Under 14: a guardian who is a member joins for the child; what comes, before anything is asked."""

    draft: Draft = field(default_factory=Draft)


@dataclass(frozen=True, slots=True, repr=False)
class ProvingGuardian:
    """The guardian's phone number is proved; the inner state says how far."""

    draft: Draft
    phone: PhoneState


@dataclass(frozen=True, slots=True, repr=False)
class CheckingGuardian:
    """The centre says whether this member may be a guardian."""

    draft: Draft


@dataclass(frozen=True, slots=True, repr=False)
class GuardianRefused:
    """This member cannot be the guardian, or the centre did not answer."""

    draft: Draft
    reason: Reason


@dataclass(frozen=True, slots=True, repr=False)
class LoadingNotice:
    """The notice in force is fetched; `again` says why it must be agreed to once more, None the first time."""

    draft: Draft
    again: Reason | None = None


@dataclass(frozen=True, slots=True, repr=False)
class NoticeUnavailable:
    """The notice could not be fetched; nothing can be agreed to."""

    draft: Draft
    reason: Reason
    again: Reason | None = None


@dataclass(frozen=True, slots=True, repr=False)
class Consenting:
    """One row per purpose; nothing is ticked beforehand. `draft.notice` is set.

    Attributes:
        again: Why the member must agree once more, with a form that is typed already; None the first time.
    """

    draft: Draft
    notice: Notice
    again: Reason | None = None


@dataclass(frozen=True, slots=True, repr=False)
class ReadingNotice:
    """The notice's full text."""

    consenting: Consenting


@dataclass(frozen=True, slots=True, repr=False)
class ProvingPhone:
    """The phone number is proved; the inner state says how far."""

    draft: Draft
    phone: PhoneState


@dataclass(frozen=True, slots=True, repr=False)
class FillingForm:
    """The form; `findings` are shown below their fields."""

    draft: Draft
    focus: Field = Field.NAME
    findings: tuple[Finding, ...] = ()
    is_mending: bool = False


@dataclass(frozen=True, slots=True, repr=False)
class Reviewing:
    """Everything on one page, masked, before it is sent."""

    draft: Draft


@dataclass(frozen=True, slots=True, repr=False)
class Submitting:
    """The centre checks; under a second."""

    draft: Draft


@dataclass(frozen=True, slots=True, repr=False)
class SubmitUncertain:
    """No answer came: trying again uses the same request id, so nothing is sent twice."""

    draft: Draft


@dataclass(frozen=True, slots=True, repr=False)
class Cancelling:
    """The member gave up after an uncertain submission; the centre is told to close its fate, and says what that is."""

    draft: Draft


@dataclass(frozen=True, slots=True, repr=False)
class Returned:
    """The application came back with findings; it can be mended at once. `slip` and `is_copy` are those of CardIssued."""

    draft: Draft
    application_number: str
    findings: tuple[Finding, ...]
    receipt: Receipt
    slip: str = "printing"
    is_copy: bool = False


@dataclass(frozen=True, slots=True)
class InReview:
    """A person looks at it: number, QR and printed slip. Of a child two look, after the guardian has shown a paper at the desk."""

    application_number: str
    state: ApplicationState
    receipt: Receipt
    slip: str = "printing"
    is_child: bool = False
    is_copy: bool = False


@dataclass(frozen=True, slots=True, repr=False)
class NotAccepted:
    """The centre refused; the reason says why and what helps."""

    reason: Reason
    draft: Draft | None = None
    retry_after_s: int = 0


RegisterState = (
    AskingAgeBand
    | GuardianNeeded
    | ProvingGuardian
    | CheckingGuardian
    | GuardianRefused
    | LoadingNotice
    | NoticeUnavailable
    | Consenting
    | ReadingNotice
    | ProvingPhone
    | FillingForm
    | Reviewing
    | Submitting
    | SubmitUncertain
    | Cancelling
    | Returned
    | InReview
    | NotAccepted
)


# Events of touches.


@dataclass(frozen=True, slots=True)
class AgeBandChosen:
    """The member stated an age band."""

    age_band: AgeBand


@dataclass(frozen=True, slots=True)
class ConsentToggled:
    """A row was touched."""

    purpose: str


@dataclass(frozen=True, slots=True)
class FullTextChosen:
    """The full text, please."""


@dataclass(frozen=True, slots=True)
class FieldFocused:
    """A field was touched, or reached by next and previous."""

    field: Field


@dataclass(frozen=True, slots=True, repr=False)
class TextEntered:
    """A text field now holds this; personal."""

    field: Field
    text: str


@dataclass(frozen=True, slots=True, repr=False)
class AddressEntered:
    """The address now is this; personal."""

    address: Address


@dataclass(frozen=True, slots=True)
class FieldChosen:
    """The review page: change this field."""

    field: Field


@dataclass(frozen=True, slots=True)
class PrintChosen:
    """Print the slip (again: then marked COPY)."""


# Answers to effects.


@dataclass(frozen=True, slots=True)
class GuardianKnown:
    """The member may be a guardian."""

    guardian: GuardianSeen


@dataclass(frozen=True, slots=True)
class NoticeLoaded:
    """The notice in force."""

    notice: Notice


@dataclass(frozen=True, slots=True)
class ApplicationAnswered:
    """What became of the application."""

    submitted: Submitted


@dataclass(frozen=True, slots=True)
class RequestClosed:
    """The fate of an uncertain request is known."""

    was_applied: bool


@dataclass(frozen=True, slots=True)
class SlipPrinted:
    """The slip is out; `number` is that of its receipt, "" where nobody asks."""

    number: str = ""


@dataclass(frozen=True, slots=True)
class SlipFailed:
    """The slip did not come out, or may have (`is_unknown`); the QR on the screen stands for it."""

    reason: Reason
    is_unknown: bool = False
    number: str = ""


# Effects.


@dataclass(frozen=True, slots=True, repr=False)
class IdentifyGuardian:
    """Ask whether the member whose number was proved may be a guardian; answers GuardianKnown."""

    phone_proof: str


@dataclass(frozen=True, slots=True)
class LoadNotice:
    """Fetch the notice in force; answers NoticeLoaded."""

    age_band: AgeBand


@dataclass(frozen=True, slots=True, repr=False)
class SubmitApplication:
    """Send the application; the same draft uses the same request id. Answers ApplicationAnswered."""

    draft: Draft


@dataclass(frozen=True, slots=True, repr=False)
class CloseRequest:
    """Tell the centre that an intent, the effect that carries it, is given up; answers RequestClosed."""

    intent: Any


@dataclass(frozen=True, slots=True)
class PrintReceipt:
    """Print a slip; the screen shows the QR in any case."""

    kind: str
    receipt: Receipt
    findings: tuple[Finding, ...] = ()
    is_copy: bool = False
