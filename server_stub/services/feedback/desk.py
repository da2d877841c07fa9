"""The members' side of feedback: submitting, following a case up, and saying whether the reply helped. Knows no staff.

A case is followed up by whoever proves by the phone to be its member, or holds its slip. The secret on the slip follows from the case
by a key, so it is stored nowhere and a repeated request prints the same slip.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from server_stub.domain.actors import Actor, DeviceActor
from server_stub.domain.campaigns.campaign_file import LONGEST_ID
from server_stub.domain.envelope import Envelope
from server_stub.domain.feedback.case import (
    BEST_FACE,
    WORST_FACE,
    CaseState,
    Category,
    Department,
    Move,
    Resolution,
    Verdict,
    after_verdict,
    require_move,
)
from server_stub.domain.feedback.numbers import is_case_number, new_case_number, read_case_number, secret_of
from server_stub.domain.feedback.phrases import Phrase, fitting, suggested
from server_stub.domain.feedback.rules import FeedbackRules
from server_stub.domain.feedback.wording import keep
from server_stub.domain.language import Language
from server_stub.domain.permissions import Operation, require_device
from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import Finding, Refusal, refuse
from server_stub.services.audit import Deed
from server_stub.services.enrollment.codes import OwnershipCodes
from server_stub.services.feedback.reach import reached
from server_stub.services.foundation import Foundation
from server_stub.services.requests import Answer, Call
from server_stub.services.visits import Visits
from server_stub.storage.campaigns import newest_version
from server_stub.storage.codes import CodePurpose
from server_stub.storage.database import Tx
from server_stub.storage.feedback import (
    CaseChannel,
    CaseContent,
    CaseRow,
    Cases,
    Flood,
    Reply,
    case_by_id,
    case_by_number,
    cases_of_member,
    change_case,
    main_of,
    nameless_cases_of_device,
    newest_case_of,
    newest_case_to_judge,
    note_wrong_secret,
)
from server_stub.storage.members import member_by_mobile

_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
_PHONE = frozenset({CodePurpose.SIGN_IN, CodePurpose.STATUS})


@dataclass(frozen=True, slots=True)
class Feedback:
    """What is said; None and empty where nothing was chosen.

    Attributes:
        visit_token: Of the member's visit; empty for a guest. Nothing of it is kept where ``is_anonymous``.
        face: 1 (very dissatisfied) to 5 (very satisfied); 0 where none was chosen.
        text: As typed, any length.
        campaign_id: Campaign that it is about, or empty.
    """

    visit_token: str
    face: int
    language: Language | None
    category: Category | None = None
    department: Department | None = None
    phrases: tuple[Phrase | None, ...] = ()
    text: str = field(repr=False, default="")
    receipt_number: str = field(repr=False, default="")
    is_anonymous: bool = False
    campaign_id: str = ""


@dataclass(frozen=True, slots=True)
class Received:
    """The answer; with number and secret the case can be followed up by whoever holds them.

    Attributes:
        is_trimmed: The text was longer than what is kept.
        is_masked: Numbers of people were taken out of the text.
        is_told: A message will tell the member that there is a reply.
    """

    case_number: str
    secret: str = field(repr=False)
    reply_by: datetime
    is_trimmed: bool
    is_masked: bool
    is_told: bool


@dataclass(frozen=True, slots=True)
class Proof:
    """Why somebody may see a case: one of the three is not empty."""

    visit_token: str = ""
    phone_proof: str = ""
    secret: str = field(repr=False, default="")


@dataclass(frozen=True, slots=True)
class FollowedCase:
    """A case as its member sees it.

    Attributes:
        may_judge: The member can say whether the reply helped.
    """

    case_number: str
    state: CaseState
    face: int
    category: Category | None
    received_at: datetime
    reply_by: datetime
    replies: tuple[Reply, ...]
    verdict: Verdict | None
    may_judge: bool


class FeedbackDesk:
    """The use cases. Every method raises ``Refusal`` with NOT_PERMITTED, and its own."""

    def __init__(self, base: Foundation, visits: Visits, codes: OwnershipCodes, rules: FeedbackRules) -> None:
        self._base = base
        self._visits = visits
        self._codes = codes
        self._rules = rules
        self._cases = Cases(base.sealer)

    def submit(self, actor: Actor, envelope: Envelope, said: Feedback) -> Received:
        """Receives feedback; a text that is too long is cut, which the answer says.

        Raises:
            Refusal: FEEDBACK_FACE_MISSING; REQUEST_MALFORMED with the field; CAMPAIGN_UNKNOWN; RATE_LIMITED with the seconds to wait;
                VISIT_OVER, MEMBER_INACTIVE, and those of ``RequestLog.once``.
        """
        device = require_device(actor, Operation.SUBMIT_FEEDBACK)
        _require_form(said, self._rules)
        call = Call(device, envelope, Operation.SUBMIT_FEEDBACK, said)
        try:
            answer = self._base.requests.once(call, lambda tx: self._receive(tx, device, envelope, said))
        except Refusal as refusal:
            self._alert_on_flood(device, refusal)
            raise

        def reading(tx: Tx) -> Received:
            row = _found(case_by_id(tx, answer["case_id"]))
            is_told = reached(tx, self._base.people, row.member_id) is not None
            return Received(row.number, self._secret(row), row.reply_by, answer["is_trimmed"], answer["is_masked"], is_told)

        return self._base.database.read(reading)

    def follow(self, actor: Actor, typed_number: str, proof: Proof) -> FollowedCase:
        """Returns a case; with an empty number of the member who is proved: one whose reply waits for their verdict, else the newest.

        Raises:
            Refusal: CASE_UNKNOWN, also for a wrong proof; RATE_LIMITED after too many wrong secrets; VISIT_OVER, PHONE_PROOF;
                HOLDER_PROOF, a visit that did not begin with a code to the phone.
        """
        device = require_device(actor, Operation.FOLLOW_CASE)
        # A wrong secret must be counted although it is refused, so the verdict leaves the transaction as a value.
        found = self._base.database.write(lambda tx: self._proved(tx, device, typed_number, proof))
        if isinstance(found, Refusal):
            raise found
        return self._base.database.read(lambda tx: self._followed(tx, _found(case_by_id(tx, found.case_id))))

    def judge(self, actor: Actor, envelope: Envelope, typed_number: str, proof: Proof, verdict: Verdict | None) -> FollowedCase:
        """Keeps the member's verdict: a reply that helped closes the case, one that did not opens it again.

        Raises:
            Refusal: REQUEST_MALFORMED without a verdict; WRONG_STATE before there is a reply or after a verdict; those of ``follow``.
        """
        device = require_device(actor, Operation.FOLLOW_CASE)
        if verdict is None:
            raise refuse(Reason.REQUEST_MALFORMED, Finding("verdict", Reason.FIELD_REQUIRED))
        refused: list[Refusal] = []

        def work(tx: Tx) -> Answer:
            found = self._proved(tx, device, typed_number, proof)
            if isinstance(found, Refusal):
                refused.append(found)
                raise found
            self._judge(tx, device, envelope, found, verdict)
            return {"case_id": found.case_id}

        try:
            body = [typed_number, proof.visit_token, proof.phone_proof, proof.secret, verdict]
            answer = self._base.requests.once(Call(device, envelope, Operation.FOLLOW_CASE, body), work)
        except Refusal as refusal:
            if refusal in refused:
                # The refusal rolled the count of the wrong secret back; it is counted by itself.
                self._base.database.write(lambda tx: self._proved(tx, device, typed_number, proof))
            raise
        return self._base.database.read(lambda tx: self._followed(tx, _found(case_by_id(tx, answer["case_id"]))))

    def _receive(self, tx: Tx, device: DeviceActor, envelope: Envelope, said: Feedback) -> Answer:
        member_id = self._visits.require(tx, said.visit_token, device).member_id if said.visit_token else None
        teller = None if said.is_anonymous else member_id
        if teller is None:
            # What guests send counts together; whoever gives their name does not wait because of them.
            _require_below(tx, self._rules.device_hour, nameless_cases_of_device(tx, device.device_id, tx.now - _HOUR), _HOUR)
        else:
            _require_below(tx, self._rules.member_day, cases_of_member(tx, teller, tx.now - _DAY), _DAY)
        if said.campaign_id and newest_version(tx, said.campaign_id) is None:
            raise refuse(Reason.CAMPAIGN_UNKNOWN)
        kept = keep(said.text, self._rules.longest_text)
        row = self._new_case(tx, device, teller, said)
        self._cases.add(tx, row, CaseContent(kept.text, said.receipt_number.strip()))
        self._base.audit.record(tx, Deed(device, "feedback.received", "feedback_case", row.case_id, envelope.request_id))
        return {"case_id": row.case_id, "is_trimmed": kept.is_trimmed, "is_masked": kept.is_masked}

    def _new_case(self, tx: Tx, device: DeviceActor, member_id: str | None, said: Feedback) -> CaseRow:
        while case_by_number(tx, number := new_case_number(self._base.random_below)) is not None:
            pass
        phrases = tuple(phrase for phrase in said.phrases if phrase is not None)
        due = self._rules.due(tx.now)
        return CaseRow(
            case_id=self._base.ids.new("fbc"),
            number=number,
            channel=CaseChannel.KIOSK,
            store_id=device.store_id,
            device_id=device.device_id,
            member_id=member_id,
            is_anonymous=said.is_anonymous,
            face=said.face,
            category=said.category or suggested(phrases),
            department=said.department,
            phrases=[phrase.value for phrase in phrases],
            campaign_id=said.campaign_id or None,
            language=said.language or Language.ZH_HANS,
            wrapped_key=None,
            content=None,
            state=CaseState.RECEIVED,
            owner=None,
            resolution=None,
            verdict=None,
            merged_into=None,
            rules_version=self._rules.version,
            received_at=tx.now,
            classify_by=due.classify_by,
            reply_by=due.reply_by,
            resolve_by=due.resolve_by,
            classified_at=None,
            replied_at=None,
            closed_at=None,
            reopened=0,
            wrong_secrets=0,
            wrong_since=None,
            version=1,
        )

    def _proved(self, tx: Tx, device: DeviceActor, typed_number: str, proof: Proof) -> CaseRow | Refusal:
        number = read_case_number(typed_number)
        if proof.secret:
            return self._by_secret(tx, device, number, proof.secret)
        member_id = self._member_id(tx, device, proof)
        # A reply that waits is what the member came for, whatever they have said since.
        row = case_by_number(tx, number) if number else newest_case_to_judge(tx, member_id) or newest_case_of(tx, member_id)
        if row is None or row.member_id is None or row.member_id != member_id:
            return refuse(Reason.CASE_UNKNOWN)
        return row

    def _member_id(self, tx: Tx, device: DeviceActor, proof: Proof) -> str:
        if proof.visit_token:
            # What staff write to a member cannot be masked, and a verdict is given once: no card or paper that was found has either.
            return self._visits.holder(tx, proof.visit_token, device).member.member_id
        member = member_by_mobile(tx, self._codes.require_proof(tx, proof.phone_proof, device, _PHONE))
        if member is None:
            raise refuse(Reason.CASE_UNKNOWN)
        return member.member_id

    def _by_secret(self, tx: Tx, device: DeviceActor, number: str, secret: str) -> CaseRow | Refusal:
        row = case_by_number(tx, number) if is_case_number(number) else None
        if row is None:
            return refuse(Reason.CASE_UNKNOWN)
        began = row.wrong_since if row.wrong_since and tx.now < row.wrong_since + _HOUR else None
        if began is not None and row.wrong_secrets >= self._rules.secret_tries:
            return refuse(Reason.RATE_LIMITED, retry_after_s=_seconds(began + _HOUR - tx.now))
        if hmac.compare_digest(read_case_number(secret).encode(), self._secret(row).encode()):
            return row
        note_wrong_secret(tx, row, row.wrong_secrets + 1 if began else 1, began or tx.now)
        self._base.audit.record(tx, Deed(device, "feedback.wrong_secret", "feedback_case", row.case_id))
        return refuse(Reason.CASE_UNKNOWN)

    def _judge(self, tx: Tx, device: DeviceActor, envelope: Envelope, row: CaseRow, verdict: Verdict) -> None:
        main = main_of(tx, row)
        require_move(main.state, Move.JUDGE)
        if not _may_judge(row, main):
            raise refuse(Reason.WRONG_STATE)
        state = after_verdict(verdict)
        values: dict[str, object] = {"state": state}
        if state is CaseState.CLOSED:
            values |= {"resolution": main.resolution or Resolution.HELPED, "closed_at": main.closed_at or tx.now}
        else:
            due = self._rules.due(tx.now)
            values |= {"resolution": None, "closed_at": None, "reopened": main.reopened + 1}
            values |= {"reply_by": due.reply_by, "resolve_by": due.resolve_by}
        if row.case_id == main.case_id:
            changed = change_case(tx, row, {"verdict": verdict, **values})
        else:
            # Each member judges for themselves: who was not helped opens the case of all again, who was closes it for nobody else.
            changed = change_case(tx, row, {"verdict": verdict}) and (state is CaseState.CLOSED or change_case(tx, main, values))
        if not changed:
            raise refuse(Reason.STALE_VERSION)
        action = f"feedback.{verdict.value.lower()}"
        self._base.audit.record(tx, Deed(device, action, "feedback_case", row.case_id, envelope.request_id))
        if row.case_id != main.case_id and state is not CaseState.CLOSED:
            self._base.audit.record(tx, Deed(device, "feedback.opened_by_duplicate", "feedback_case", main.case_id, envelope.request_id))

    def _followed(self, tx: Tx, row: CaseRow) -> FollowedCase:
        main = main_of(tx, row)
        # Whoever said the same as somebody before reads the answer that both get.
        replies = self._cases.replies(tx, row) + (self._cases.replies(tx, main) if row.merged_into else ())
        return FollowedCase(
            case_number=row.number,
            state=main.state,
            face=row.face,
            category=row.category,
            received_at=row.received_at,
            reply_by=row.reply_by,
            replies=replies,
            verdict=row.verdict,
            may_judge=_may_judge(row, main),
        )

    def _secret(self, row: CaseRow) -> str:
        return secret_of(self._base.tokens.case_secret(row.case_id))

    def _alert_on_flood(self, device: DeviceActor, refusal: Refusal) -> None:
        if refusal.reason is Reason.RATE_LIMITED:
            self._base.database.write(lambda tx: self._base.audit.record(tx, Deed(device, "alert.feedback_flood")))


def _require_form(said: Feedback, rules: FeedbackRules) -> None:
    if not WORST_FACE <= said.face <= BEST_FACE:
        raise refuse(Reason.FEEDBACK_FACE_MISSING, Finding("face", Reason.FEEDBACK_FACE_MISSING))
    if said.language is None:
        raise refuse(Reason.REQUEST_MALFORMED, Finding("language", Reason.FIELD_REQUIRED))
    if not set(said.phrases) <= set(fitting(said.face)) or len(set(said.phrases)) < len(said.phrases):
        raise refuse(Reason.REQUEST_MALFORMED, Finding("phrases", Reason.REQUEST_MALFORMED))
    number = said.receipt_number.strip()
    if len(number) > rules.longest_receipt_number:
        raise refuse(Reason.REQUEST_MALFORMED, Finding("receipt_number", Reason.FIELD_TOO_LONG))
    if not number.isprintable():
        raise refuse(Reason.REQUEST_MALFORMED, Finding("receipt_number", Reason.FIELD_CHARACTERS))
    if len(said.campaign_id) > LONGEST_ID or not said.campaign_id.isprintable():
        raise refuse(Reason.REQUEST_MALFORMED, Finding("campaign_id", Reason.REQUEST_MALFORMED))


def _may_judge(row: CaseRow, main: CaseRow) -> bool:
    """A reply is judged once by each of its members, while it can be read; after the case was opened again comes another one."""
    is_readable = main.replied_at is not None and main.wrapped_key is not None
    return is_readable and row.verdict is None and main.state in {CaseState.REPLIED, CaseState.CLOSED}


def _found(row: CaseRow | None) -> CaseRow:
    if row is None:
        raise refuse(Reason.CASE_UNKNOWN)
    return row


def _require_below(tx: Tx, limit: int, counted: Flood, window: timedelta) -> None:
    if counted.count >= limit and counted.oldest is not None:
        raise refuse(Reason.RATE_LIMITED, retry_after_s=_seconds(counted.oldest + window - tx.now))


def _seconds(wait: timedelta) -> int:
    return max(1, -int(-wait.total_seconds() // 1))
