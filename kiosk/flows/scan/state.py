"""States, events and effects of showing a code to the camera. The camera is on in `Scanning` and in no other state."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from kiosk.ports.values import Reason, Visitor


class ScanHint(StrEnum):
    """Why what is shown leads nowhere, where no centre was asked."""

    SEVERAL = "several"
    PAYMENT = "payment"
    COUPON = "coupon"
    PRODUCT = "product"
    FOREIGN = "foreign"


@dataclass(frozen=True, slots=True)
class Scanning:
    """The camera looks; `hint` or `reason` says why the last code was not taken."""

    hint: ScanHint | None = None
    reason: Reason | None = None


@dataclass(frozen=True, slots=True)
class CheckingCode:
    """A code was found; the centre is asked. Its text leads to a member and is not in the repr."""

    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ScanPaused:
    """Too many bad codes: for `seconds` none is read."""

    seconds: int


@dataclass(frozen=True, slots=True)
class ScanUnavailable:
    """No camera, or the centre does not answer."""

    reason: Reason


ScanState = Scanning | CheckingCode | ScanPaused | ScanUnavailable


@dataclass(frozen=True, slots=True)
class CodeShown:
    """A code was shown; `kind` is that of kiosk.codes, or "several"."""

    kind: str
    text: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class CameraLost:
    """The camera cannot be had."""

    reason: Reason


@dataclass(frozen=True, slots=True)
class VisitResumed:
    """A visit that was left elsewhere goes on here, on a page of the member's."""

    visitor: Visitor
    page: str


@dataclass(frozen=True, slots=True)
class ApplicationFound:
    """The receipt is an application's."""

    number: str


@dataclass(frozen=True, slots=True)
class IdentifyByCode:
    """Effect: look the member up; answers MemberIdentified."""

    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class UseReceipt:
    """Effect: see what a receipt leads to; answers VisitResumed or ApplicationFound."""

    text: str = field(repr=False)
