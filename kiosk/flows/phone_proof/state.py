"""States, events and effects of proving a phone number."""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.ports.values import Challenge, CodePurpose, Reason

CODE_DIGITS = 6
MOBILE_DIGITS_MAX = 15


@dataclass(frozen=True, slots=True, repr=False)
class AskingMobile:
    """The number is typed; `reason` says what was wrong with the last one, `wait_s` for how long to wait."""

    purpose: CodePurpose
    mobile: str = ""
    reason: Reason | None = None
    wait_s: int = 0
    attempt: int = 0


@dataclass(frozen=True, slots=True, repr=False)
class SendingCode:
    """The centre is asked to send a code; with the token of a visit to the number that it knows of the visit's member."""

    purpose: CodePurpose
    mobile: str
    attempt: int = 0
    visit_token: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class AskingCode:
    """The code is typed; the sixth digit submits."""

    purpose: CodePurpose
    mobile: str
    challenge: Challenge
    digits: str = ""
    reason: Reason | None = None
    tries_left: int = 5
    may_resend: bool = False
    attempt: int = 1
    visit_token: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class VerifyingCode:
    """The centre compares."""

    asking: AskingCode


@dataclass(frozen=True, slots=True, repr=False)
class PhoneProved:
    """Done; the journey that contains this part goes on."""

    mobile: str
    mobile_masked: str
    phone_proof: str


@dataclass(frozen=True, slots=True)
class PhoneLeft:
    """The member went back out of this part."""


PhoneState = AskingMobile | SendingCode | AskingCode | VerifyingCode | PhoneProved | PhoneLeft


@dataclass(frozen=True, slots=True, repr=False)
class MobileTyped:
    """The number field now holds this."""

    mobile: str


@dataclass(frozen=True, slots=True)
class MobileEntered:
    """The number is complete."""


@dataclass(frozen=True, slots=True, repr=False)
class CodeTyped:
    """The code field now holds these digits."""

    digits: str


@dataclass(frozen=True, slots=True)
class ResendChosen:
    """Another code, please."""


@dataclass(frozen=True, slots=True)
class CodeSent:
    """The centre has handed the code to the gateway."""

    challenge: Challenge


@dataclass(frozen=True, slots=True, repr=False)
class CodeVerified:
    """The number is proved."""

    phone_proof: str


@dataclass(frozen=True, slots=True, repr=False)
class SendCode:
    """Effect: ask the centre for a code; answers CodeSent. Each code that was sent is followed by a new attempt.

    Attributes:
        mobile: As it was typed; "" where the code goes to the number that the centre knows of the visit's member.
        visit_token: Of that visit, else "".
    """

    mobile: str
    purpose: CodePurpose
    attempt: int
    visit_token: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class VerifyCode:
    """Effect: have the code compared; answers CodeVerified."""

    challenge_id: str
    digits: str
