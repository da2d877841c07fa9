"""The kiosk's journal of intents, as the session uses it. No personal data: id, kind, handle and state only."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from kiosk.ports.values import RequestId


class IntentKind(StrEnum):
    """Mutations that the kiosk makes."""

    SEND_CODE = "send_code"
    SUBMIT = "submit"
    WITHDRAW = "withdraw"
    BEGIN_ISSUE = "begin_issue"
    CONFIRM_ISSUE = "confirm_issue"
    ABORT_ISSUE = "abort_issue"
    REPORT_LOST = "report_lost"
    WITHDRAW_LOSS = "withdraw_loss"
    REPLACE_CARD = "replace_card"
    TURN_IN_CARD = "turn_in_card"
    WITHDRAW_GUARDIAN_CONSENT = "withdraw_guardian_consent"
    CALL_STAFF = "call_staff"
    SUBMIT_FEEDBACK = "submit_feedback"
    GIVE_VERDICT = "give_verdict"
    CLAIM_COUPON = "claim_coupon"
    ASK_BIRTHDAY_GIFT = "ask_birthday_gift"
    REDEEM = "redeem"
    UNDO_REDEMPTION = "undo_redemption"
    JOIN_CAMPAIGN = "join_campaign"
    WISH_REMINDER = "wish_reminder"
    RESUME_VISIT = "resume_visit"


class IntentState(StrEnum):
    """Where an intent stands."""

    OPEN = "open"
    APPLIED = "applied"
    REFUSED = "refused"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Intent:
    """One row; `subject` is an opaque handle such as an issue id, never personal."""

    request_id: RequestId
    device_seq: int
    kind: IntentKind
    subject: str
    state: IntentState


class Journal(Protocol):
    """Durable before it returns; raises JournalDamaged. Thread: loop, each call under 10 ms."""

    def open(self, request_id: RequestId, kind: IntentKind, subject: str) -> int:
        """Write an intent down before it is sent; returns its device_seq, the same for the same id."""
        ...

    def settle(self, request_id: RequestId, state: IntentState) -> None:
        """Write its outcome down."""
        ...

    def unsettled(self) -> tuple[Intent, ...]:
        """Return intents whose outcome is not known, oldest first."""
        ...

    def prove(self) -> None:
        """Write something down and read it back: raises as long as an intent could not be kept."""
        ...

    def last_device_seq(self) -> int:
        """Return the highest number used."""
        ...
