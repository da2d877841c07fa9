"""Errors of the central service and of data, as flows see them; devices have theirs in `hardware.errors`."""

from __future__ import annotations

from typing import ClassVar

from hardware.errors import KioskError
from kiosk.ports.values import Finding, Reason


class IdentityUnusable(Exception):
    """A file with which this device proves who it is cannot be read; the message names it. Without it there is nobody to ask."""


class DeskError(KioskError):
    """The central service did not do what was asked."""

    code: ClassVar[int] = 2000
    text_key: ClassVar[str] = "error.desk"


class Unreachable(DeskError):
    """No answer came; whether the request was applied is not known."""

    code: ClassVar[int] = 2001
    text_key: ClassVar[str] = "error.unreachable"
    retryable: ClassVar[bool] = True


class NotAdmitted(DeskError):
    """The service does not accept this device's identity; never a reason to work offline."""

    code: ClassVar[int] = 2002
    text_key: ClassVar[str] = "error.not_admitted"


class Refused(DeskError):
    """The service answered no.

    Attributes:
        reason: Name from proto/member/v1/reason.proto without prefix.
        findings: What is wrong with which field, where the reason is about a form.
        retry_after_s: Seconds until the same call may succeed, 0 where waiting does not help.
        tries_left: Tries that are left, -1 where they are not counted.
        on_day: Day that the reason is about as YYYY-MM-DD, or empty.
        points: Where the price changed, points that it costs now; else 0.
    """

    code: ClassVar[int] = 2003
    text_key: ClassVar[str] = "error.refused"

    def __init__(
        self,
        reason: Reason,
        findings: tuple[Finding, ...] = (),
        retry_after_s: int = 0,
        tries_left: int = -1,
        *,
        on_day: str = "",
        points: int = 0,
    ) -> None:
        super().__init__(str(reason))
        self.reason = reason
        self.findings = findings
        self.retry_after_s = retry_after_s
        self.tries_left = tries_left
        self.on_day = on_day
        self.points = points


class DataError(KioskError):
    """Something that was read makes no sense."""

    code: ClassVar[int] = 3000
    text_key: ClassVar[str] = "error.data"


class JournalDamaged(DataError):
    """The kiosk's journal cannot be trusted; no mutation is made until it is mended."""

    code: ClassVar[int] = 3001
    text_key: ClassVar[str] = "error.journal_damaged"
