"""One-time codes that prove a phone number: limits, tries, proof. Knows no gateway; the code leaves through the outbox.

Against enumeration the answer to a known and an unknown number is the same. For joining, every number gets its code. For signing
in and for the status, a number that no member or applicant has gets none: the row is made, counted and can never be verified, and
no stranger's phone rings because somebody typed its number. A guardian's number gets its code whoever has it: who proves a number may
learn that it is no member's.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field
from datetime import timedelta

from server_stub.domain.actors import Actor, DeviceActor
from server_stub.domain.envelope import Envelope
from server_stub.domain.language import Language
from server_stub.domain.mobile import DEFAULT_REGIONS, Mobile, parse_mobile
from server_stub.domain.permissions import Operation, require_device
from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import Finding, Refusal, refuse
from server_stub.services.audit import Deed
from server_stub.services.foundation import Foundation
from server_stub.services.notifications import Notification, Notifications
from server_stub.services.requests import Answer, Call
from server_stub.services.visits import Visits
from server_stub.storage.applications import newest_application_of
from server_stub.storage.codes import (
    CodeCount,
    CodePurpose,
    CodeRow,
    add_code,
    codes_of_device,
    codes_of_number,
    find_code,
    mark_verified,
    newest_code,
    newest_code_of_device,
    spend_try,
    void_codes,
)
from server_stub.storage.database import Tx
from server_stub.storage.members import member_by_mobile

_PROOF = "phone_proof"
_TO_ANYBODY = frozenset({CodePurpose.JOIN, CodePurpose.CHANGE_CONTACT, CodePurpose.GUARDIAN})
# Of these a message that hangs says nothing about a number: it was sent whoever has it, or to the member before the device.
_TELLABLE = _TO_ANYBODY | {CodePurpose.REDEEM}
_DIGITS = 6


@dataclass(frozen=True, slots=True)
class CodePolicy:
    """Limits of one-time codes (capabilities row 8)."""

    lifetime: timedelta = timedelta(minutes=5)
    resend_after: timedelta = timedelta(minutes=1)
    tries: int = 5
    per_number_hour: int = 5
    per_number_day: int = 10
    per_device_hour: int = 60
    proof_lifetime: timedelta = timedelta(minutes=30)
    regions: frozenset[str] = DEFAULT_REGIONS


@dataclass(frozen=True, slots=True)
class CodeOrder:
    """What is asked for; None stands for a value that the contract does not know.

    Attributes:
        mobile: As typed; empty for purpose REDEEM, where the visit says whose number it is, and for GUARDIAN where there is a visit.
    """

    mobile: str = field(repr=False)
    purpose: CodePurpose | None
    language: Language | None
    visit_token: str = field(repr=False, default="")


@dataclass(frozen=True, slots=True)
class CodeSent:
    """The answer, the same for known and unknown numbers."""

    challenge_id: str
    expires_in_s: int
    resend_after_s: int
    mobile_masked: str


class OwnershipCodes:
    """Sends and verifies codes."""

    def __init__(self, base: Foundation, notifications: Notifications, visits: Visits, policy: CodePolicy | None = None) -> None:
        self._base = base
        self._visits = visits
        self._notifications = notifications
        self._policy = policy or CodePolicy()

    def send(self, actor: Actor, envelope: Envelope, order: CodeOrder) -> CodeSent:
        """Sends a code.

        Raises:
            Refusal: REQUEST_MALFORMED, VISIT_OVER, HOLDER_PROOF, PHONE_INVALID, PHONE_NOT_MOBILE, PHONE_REGION, CODE_TOO_SOON,
                CODE_LIMIT (with the seconds to wait), SMS_NOT_SENT, and those of RequestLog.once.
        """
        device = require_device(actor, Operation.SEND_CODE)
        if order.purpose is None or order.language is None:
            raise refuse(Reason.REQUEST_MALFORMED)
        mobile = self._number(device, order)
        try:
            call = Call(device, envelope, Operation.SEND_CODE, order)
            answer = self._base.requests.once(call, lambda tx: self._send(tx, device, mobile, order))
        except Refusal as refusal:
            self._alert_on_limit(device, refusal)
            raise
        policy = self._policy
        return CodeSent(
            answer["challenge_id"], int(policy.lifetime.total_seconds()), int(policy.resend_after.total_seconds()), mobile.masked
        )

    def verify(self, actor: Actor, challenge_id: str, code: str) -> str:
        """Returns the proof of the number: bound to number, purpose and device, for 30 minutes.

        Raises:
            Refusal: CODE_WRONG (with the tries left), CODE_TRIES_EXHAUSTED, CODE_EXPIRED (also for an unknown challenge).
        """
        device = require_device(actor, Operation.VERIFY_CODE)
        # A wrong try must be stored although it is refused, so the verdict leaves the transaction as a value.
        refusal = self._base.database.write(lambda tx: self._judge(tx, device, challenge_id, code))
        if refusal is not None:
            raise refusal
        return self._base.handles.mint(_PROOF, challenge_id)

    def require_proof(
        self, tx: Tx, proof: str, device: DeviceActor, purposes: frozenset[CodePurpose], fresh_for: timedelta | None = None
    ) -> bytes:
        """Returns the lookup token of the number that was proved, where asked for within the time given.

        Raises:
            Refusal: PHONE_PROOF: missing, forged, expired, another device's or for another purpose.
        """
        challenge_id = self._base.handles.open(_PROOF, proof)
        row = find_code(tx, challenge_id) if challenge_id else None
        if row is None or row.verified_at is None or row.device_id != device.device_id or row.purpose not in purposes:
            raise refuse(Reason.PHONE_PROOF)
        if tx.now >= row.verified_at + (fresh_for or self._policy.proof_lifetime):
            raise refuse(Reason.PHONE_PROOF)
        return row.mobile_token

    def number(self, typed: str) -> Mobile:
        """Returns a number of the regions that are served; raises as ``require_mobile`` does."""
        return require_mobile(typed, self._policy.regions)

    def _number(self, device: DeviceActor, order: CodeOrder) -> Mobile:
        """Returns the number that was typed, or that of the member before the device, who need not say it."""
        if order.purpose is CodePurpose.CHANGE_CONTACT:
            # Only a member who proved the old number may make a stranger's phone ring.
            self._base.database.read(lambda tx: self._visits.holder(tx, order.visit_token, device))
        is_known = order.purpose is CodePurpose.REDEEM or (order.purpose is CodePurpose.GUARDIAN and bool(order.visit_token))
        if not is_known:
            return self.number(order.mobile)
        if order.mobile:
            raise refuse(Reason.REQUEST_MALFORMED)

        def reading(tx: Tx) -> str:
            member = self._visits.require(tx, order.visit_token, device)
            return self._base.people.open(tx, member.person_id).mobile

        return self.number(self._base.database.read(reading))

    def _send(self, tx: Tx, device: DeviceActor, mobile: Mobile, order: CodeOrder) -> Answer:
        token = self._base.tokens.mobile(mobile.e164)
        self._require_room(tx, token, device)
        purpose, language = order.purpose or CodePurpose.JOIN, order.language or Language.ZH_HANS
        challenge_id, code = self._base.ids.new("otp"), f"{self._base.random_below(10**_DIGITS):0{_DIGITS}d}"
        is_sent = _has_addressee(tx, token, purpose)
        void_codes(tx, token, purpose, device.device_id)
        row = CodeRow(
            challenge_id=challenge_id,
            mobile_token=token,
            purpose=purpose,
            device_id=device.device_id,
            code_mac=self._base.tokens.code(challenge_id, code),
            sent=is_sent,
            tries_left=self._policy.tries,
            created_at=tx.now,
            expires_at=tx.now + self._policy.lifetime,
            verified_at=None,
        )
        add_code(tx, row)
        if is_sent:
            self._notifications.send(tx, self._message(row, mobile, code, language))
        self._base.audit.record(tx, Deed(device, "code.asked", detail={"challenge": challenge_id, "purpose": purpose}))
        return {"challenge_id": challenge_id}

    def _message(self, row: CodeRow, mobile: Mobile, code: str, language: Language) -> Notification:
        minutes = int(self._policy.lifetime.total_seconds()) // 60
        return Notification(
            event_key=_event_key(row),
            # Who consents for a child must see that in the message, not only on a screen that somebody else may stand at.
            template="guardian_code" if row.purpose is CodePurpose.GUARDIAN else "one_time_code",
            language=language,
            mobile=mobile.e164,
            variables={"code": code, "minutes": str(minutes)},
            useful_for=self._policy.lifetime,
        )

    def _require_room(self, tx: Tx, token: bytes, device: DeviceActor) -> None:
        policy = self._policy
        last = newest_code(tx, token)
        if last is not None and tx.now < last.created_at + policy.resend_after:
            raise refuse(Reason.CODE_TOO_SOON, retry_after_s=_seconds(last.created_at + policy.resend_after - tx.now))
        hour, day = timedelta(hours=1), timedelta(days=1)
        _require_below(tx, policy.per_number_hour, codes_of_number(tx, token, tx.now - hour), hour)
        _require_below(tx, policy.per_number_day, codes_of_number(tx, token, tx.now - day), day)
        _require_below(tx, policy.per_device_hour, codes_of_device(tx, device.device_id, tx.now - hour), hour)
        self._require_gateway(tx, token, device)

    def _require_gateway(self, tx: Tx, token: bytes, device: DeviceActor) -> None:
        """Tells whoever asks, for whichever number, that codes do not leave at present; another one would only wait behind the last."""
        last = newest_code_of_device(tx, device.device_id, _TELLABLE, tx.now - self._policy.lifetime)
        if last is None:
            return
        is_refused = last.mobile_token == token and self._notifications.is_given_up(tx, _event_key(last))
        if is_refused or self._notifications.is_stuck(tx, _event_key(last)):
            raise refuse(Reason.SMS_NOT_SENT)

    def _judge(self, tx: Tx, device: DeviceActor, challenge_id: str, code: str) -> Refusal | None:
        row = find_code(tx, challenge_id)
        if row is None or row.device_id != device.device_id or tx.now >= row.expires_at:
            return refuse(Reason.CODE_EXPIRED)
        if row.tries_left == 0:
            return refuse(Reason.CODE_TRIES_EXHAUSTED, tries_left=0)
        right = hmac.compare_digest(self._base.tokens.code(challenge_id, code), row.code_mac)
        if right and row.sent:
            if row.verified_at is None:
                mark_verified(tx, row)
            return None
        spend_try(tx, row)
        left = row.tries_left - 1
        return refuse(Reason.CODE_WRONG if left else Reason.CODE_TRIES_EXHAUSTED, tries_left=left)

    def _alert_on_limit(self, device: DeviceActor, refusal: Refusal) -> None:
        # Many numbers from one kiosk is what looking for members looks like (capabilities row 12).
        if refusal.reason is Reason.CODE_LIMIT:
            self._base.database.write(lambda tx: self._base.audit.record(tx, Deed(device, "alert.code_limit")))


def require_mobile(typed: str, regions: frozenset[str]) -> Mobile:
    """Returns the number.

    Raises:
        Refusal: PHONE_INVALID, PHONE_NOT_MOBILE or PHONE_REGION, with a finding for the field ``mobile``.
    """
    mobile = parse_mobile(typed, regions)
    if isinstance(mobile, Reason):
        raise refuse(mobile, Finding("mobile", mobile))
    return mobile


def _event_key(row: CodeRow) -> str:
    return f"code:{row.challenge_id}"


def _has_addressee(tx: Tx, token: bytes, purpose: CodePurpose) -> bool:
    if purpose in _TO_ANYBODY:
        return True
    is_member = member_by_mobile(tx, token) is not None
    return is_member if purpose in (CodePurpose.SIGN_IN, CodePurpose.REDEEM) else is_member or newest_application_of(tx, token) is not None


def _require_below(tx: Tx, limit: int, counted: CodeCount, window: timedelta) -> None:
    if counted.count >= limit and counted.oldest is not None:
        raise refuse(Reason.CODE_LIMIT, retry_after_s=_seconds(counted.oldest + window - tx.now))


def _seconds(wait: timedelta) -> int:
    return max(1, -int(-wait.total_seconds() // 1))
