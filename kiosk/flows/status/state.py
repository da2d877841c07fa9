"""States, events and effects of asking after an application."""

from __future__ import annotations

import re
from dataclasses import dataclass

from kiosk.flows.phone_proof.state import PhoneProved, PhoneState
from kiosk.ports.values import ApplicationStatus, Reason

NUMBER_MAX = 16
WHOLE_NUMBER = re.compile("A[0-9]{12}", re.ASCII)


@dataclass(frozen=True, slots=True)
class EnteringNumber:
    """The application number is typed from the slip, or its code is shown to the camera. May stay empty."""

    number: str = ""
    reason: Reason | None = None


@dataclass(frozen=True, slots=True, repr=False)
class ProvingApplicant:
    """The phone number is proved."""

    number: str
    phone: PhoneState


@dataclass(frozen=True, slots=True, repr=False)
class LookingUp:
    """The centre looks."""

    number: str
    phone: PhoneProved


@dataclass(frozen=True, slots=True, repr=False)
class ShowingStatus:
    """Where it stands."""

    status: ApplicationStatus
    phone: PhoneProved


@dataclass(frozen=True, slots=True, repr=False)
class Withdrawing:
    """The application is withdrawn."""

    status: ApplicationStatus
    phone: PhoneProved


@dataclass(frozen=True, slots=True)
class StatusUnavailable:
    """No: the reason says why."""

    reason: Reason


StatusState = EnteringNumber | ProvingApplicant | LookingUp | ShowingStatus | Withdrawing | StatusUnavailable


@dataclass(frozen=True, slots=True)
class NumberTyped:
    """The number field now holds this."""

    number: str


@dataclass(frozen=True, slots=True)
class StatusLoaded:
    """Where it stands."""

    status: ApplicationStatus


@dataclass(frozen=True, slots=True)
class WithdrawChosen:
    """Withdraw it."""


@dataclass(frozen=True, slots=True)
class CorrectionChosen:
    """Correct what was returned, and send it again."""


@dataclass(frozen=True, slots=True)
class LoadStatus:
    """Effect: ask the centre; answers StatusLoaded."""

    number: str
    phone_proof: str


@dataclass(frozen=True, slots=True)
class WithdrawApplication:
    """Effect: withdraw; answers StatusLoaded with the new state."""

    status: ApplicationStatus
    phone_proof: str
