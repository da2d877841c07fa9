"""Refusals: the one way in which the domain and the services say no. Knows no transport and no texts for people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from server_stub.domain.reasons import Reason

TRIES_NOT_COUNTED = -1


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing about one field of a form.

    Attributes:
        field: Name of the field in the message of the contract, e.g. ``mobile`` or ``address.district_code``.
        reason: What about it.
    """

    field: str
    reason: Reason


@dataclass(frozen=True, slots=True)
class Used:
    """When and where something that works once was used first, or where it can be used.

    Attributes:
        at: None where it was not used.
        place: Name of the store.
    """

    at: datetime | None
    place: str


@dataclass(frozen=True, slots=True)
class Contact:
    """How a member can be reached, as it may be shown; empty where nothing is known. The version rises with every change."""

    mobile_masked: str
    email_masked: str
    version: int


@dataclass(frozen=True, slots=True)
class Refused:
    """The content of a refusal.

    Attributes:
        reason: Why.
        findings: By field, where the reason is about a form.
        retry_after_s: Seconds until the same call may succeed; 0 where waiting does not help.
        tries_left: For one-time codes; -1 where tries are not counted.
        used: For a code that was used: when and where first.
        frees_on: For points that are short: the first day on which pending ones will do; None where no day is known.
        on_day: Day that the reason is about, e.g. on which a card was reported lost.
        contact: With STALE_VERSION of a contact: how it stands now.
        points: With PRICE_CHANGED: points that what was asked for costs now.
    """

    reason: Reason
    findings: tuple[Finding, ...] = ()
    retry_after_s: int = 0
    tries_left: int = TRIES_NOT_COUNTED
    frees_on: date | None = None
    used: Used | None = None
    on_day: date | None = None
    contact: Contact | None = None
    points: int = 0


class Refusal(Exception):
    """Raised by services; the transaction is rolled back, so a refused request stores nothing."""

    def __init__(self, refused: Refused) -> None:
        super().__init__(refused.reason.value)
        self.refused = refused

    @property
    def reason(self) -> Reason:
        """Returns why."""
        return self.refused.reason


def refuse(reason: Reason, *findings: Finding, retry_after_s: int = 0, tries_left: int = TRIES_NOT_COUNTED) -> Refusal:
    """Returns the exception; the caller raises it."""
    return Refusal(Refused(reason, tuple(findings), retry_after_s, tries_left))
