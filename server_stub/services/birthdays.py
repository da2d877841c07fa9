"""Birthdays of members: telling and changing them once, and the gift of the year, given by itself and by asking.

Knows who may do what and owns the transactions; who gets what is ``domain/birthday_gift.py``. Two gifts for a member and a year are
impossible by the unique key of coupons (issued_to, cause), whatever the clock does.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from server_stub.domain.actors import Actor, StaffActor
from server_stub.domain.awaits import Awaits
from server_stub.domain.birthday import ADULT_AGE, ProofLevel, age_band, age_on, parse_birthday
from server_stub.domain.birthday_gift import BirthdayFacts, BirthdayGift, BirthdayRules, cause_of
from server_stub.domain.clock import business_day
from server_stub.domain.coupons import CouponState
from server_stub.domain.envelope import Envelope
from server_stub.domain.language import Language
from server_stub.domain.permissions import Operation, require, require_device
from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import Finding, refuse
from server_stub.services.audit import Deed
from server_stub.services.coupons import Gift, give
from server_stub.services.enrollment.duplicates import likeness_of
from server_stub.services.foundation import Foundation
from server_stub.services.notifications import Notification, Notifications
from server_stub.services.requests import Answer, Call
from server_stub.services.visits import Visits
from server_stub.storage.birthdays import (
    BirthdayRecord,
    add_birthday_record,
    birthday_record_of,
    change_birthday_record,
    members_with_birthday,
    members_without_record,
)
from server_stub.storage.coupons import CouponRow, coupon_for, find_coupon, has_coupon_for
from server_stub.storage.database import Tx
from server_stub.storage.members import MemberRow, MemberState, member_by_number
from server_stub.storage.people import PersonalData, PersonRow

_LOCKING_PROOFS = frozenset({ProofLevel.DOCUMENT, ProofLevel.DESK})
_LONGEST_REASON = 200


@dataclass(frozen=True, slots=True)
class GiftGiven:
    """A birthday gift as the member is told; last day as YYYY-MM-DD."""

    coupon_id: str
    text_key: str
    value_fen: int
    valid_until: str


class GiftState(StrEnum):
    """Whether the gift of a birthday can be had."""

    OPEN = "OPEN"
    GIVEN = "GIVEN"
    CLOSED = "CLOSED"


@dataclass(frozen=True, slots=True)
class GiftStanding:
    """How it stands with a member's gift; the gift is None and the reason is set where it is CLOSED."""

    state: GiftState
    gift: GiftGiven | None = None
    reason: Reason | None = None


@dataclass(frozen=True, slots=True)
class Correction:
    """A birthday that a person at the desk saw proved; YYYY-MM-DD, proof DOCUMENT or DESK, and why in a sentence without names."""

    membership_number: str
    birthday: str = field(repr=False)
    proof: ProofLevel
    reason: str


class Birthdays:
    """The birthdays' use cases. Every method raises ``Refusal`` with NOT_PERMITTED and those of ``RequestLog.once``, and its own."""

    def __init__(self, base: Foundation, visits: Visits, notifications: Notifications, rules: BirthdayRules) -> None:
        self._base = base
        self._visits = visits
        self._notifications = notifications
        self._rules = rules

    @property
    def rules_version(self) -> str:
        """Returns the version of the rules that judge."""
        return self._rules.version

    def change_own(self, actor: Actor, envelope: Envelope, visit_token: str, birthday: str) -> bool:
        """Takes a birthday (YYYY-MM-DD) from the member before the kiosk; returns False where it is the one that is known.

        Raises:
            Refusal: VISIT_OVER, HOLDER_PROOF, BIRTHDAY_NOT_A_DATE, BIRTHDAY_IMPOSSIBLE, BIRTHDAY_AGE_BAND, BIRTHDAY_LOCKED.
        """
        device = require_device(actor, Operation.CHANGE_OWN_BIRTHDAY)
        call = Call(device, envelope, Operation.CHANGE_OWN_BIRTHDAY, [visit_token, birthday])

        def work(tx: Tx) -> Answer:
            # A birthday is changed once: not by whoever found the card, or paper.
            member = self._visits.holder(tx, visit_token, device).member
            return {"changed": self._change(tx, call, member, birthday, ProofLevel.STATED)}

        return bool(self._base.requests.once(call, work)["changed"])

    def correct(self, actor: Actor, envelope: Envelope, correction: Correction) -> bool:
        """Takes a proved birthday from a person at the desk; the proof may rise without the day being changed.

        Raises:
            Refusal: REQUEST_MALFORMED: the proof or the reason is none; MEMBER_UNKNOWN, MEMBER_INACTIVE, BIRTHDAY_NOT_A_DATE,
                BIRTHDAY_IMPOSSIBLE, BIRTHDAY_AGE_BAND, BIRTHDAY_LOCKED: changed once before, and proved by now.
        """
        require(actor, Operation.CORRECT_BIRTHDAY)
        if correction.proof not in _LOCKING_PROOFS or not isinstance(actor, StaffActor):
            raise refuse(Reason.REQUEST_MALFORMED)
        if not correction.reason.strip() or len(correction.reason) > _LONGEST_REASON:
            reason = Reason.FIELD_TOO_LONG if correction.reason.strip() else Reason.FIELD_REQUIRED
            raise refuse(Reason.REQUEST_MALFORMED, Finding("reason", reason))
        call = Call(actor, envelope, Operation.CORRECT_BIRTHDAY, correction)

        def work(tx: Tx) -> Answer:
            member = member_by_number(tx, correction.membership_number)
            if member is None:
                raise refuse(Reason.MEMBER_UNKNOWN)
            if member.state is not MemberState.ACTIVE:
                raise refuse(Reason.MEMBER_INACTIVE)
            return {"changed": self._change(tx, call, member, correction.birthday, correction.proof, correction.reason.strip())}

        return bool(self._base.requests.once(call, work)["changed"])

    def ask_own(self, actor: Actor, envelope: Envelope, visit_token: str) -> GiftGiven:
        """Gives the member before the kiosk the gift of the year, where the job has not yet.

        Raises:
            Refusal: VISIT_OVER, BIRTHDAY_MISSING, BIRTHDAY_NOT_NOW, BIRTHDAY_CHANGED_THIS_YEAR, BIRTHDAY_TOO_NEW, BIRTHDAY_GIFT_TAKEN.
        """
        device = require_device(actor, Operation.ASK_BIRTHDAY_GIFT)
        call = Call(device, envelope, Operation.ASK_BIRTHDAY_GIFT, visit_token)

        def work(tx: Tx) -> Answer:
            member = self._visits.require(tx, visit_token, device)
            self._note(tx, member)
            given = self._give(tx, device, member, envelope.request_id)
            if isinstance(given, Reason):
                raise refuse(given)
            return {"coupon_id": given.coupon_id}

        answer = self._base.requests.once(call, work)
        return self._base.database.read(lambda tx: _told(find_coupon(tx, answer["coupon_id"])))

    def own_standing(self, actor: Actor, visit_token: str) -> GiftStanding:
        """Returns how it stands with the gift of the member before the kiosk; changes nothing.

        Raises:
            Refusal: VISIT_OVER, MEMBER_INACTIVE.
        """
        device = require_device(actor, Operation.ASK_BIRTHDAY_GIFT)

        def reading(tx: Tx) -> GiftStanding:
            return self._standing(tx, self._visits.require(tx, visit_token, device))

        return self._base.database.read(reading)

    def judged(self, tx: Tx, member: MemberRow) -> BirthdayGift | Reason:
        """Returns the gift that the member could take now, or why there is none; writes nothing."""
        known = birthday_record_of(tx, member.person_id)
        record = known or BirthdayRecord(member.person_id, None, member.joined_on, None, version=1)
        gift = self._judge(tx, member, record)
        if not isinstance(gift, Reason) and has_coupon_for(tx, member.member_id, gift.cause):
            return Reason.BIRTHDAY_GIFT_TAKEN
        return gift

    def note_next(self, actor: Actor, limit: int) -> int:
        """Notes the birthdays of members who joined since, at most ``limit``, and returns how many; 0 where all are noted."""
        require(actor, Operation.RUN_JOBS)

        def transaction(tx: Tx) -> int:
            due = members_without_record(tx, limit)
            for member in due:
                self._note(tx, member)
            return len(due)

        return self._base.database.write(transaction)

    def give_next(self, actor: Actor, year: int, after: str, limit: int) -> tuple[int, str]:
        """Gives the gifts of a year that are due to at most ``limit`` members after an id; returns how many, and the last id or empty."""
        require(actor, Operation.RUN_JOBS)

        def transaction(tx: Tx) -> tuple[int, str]:
            names = self._rules.open_on(business_day(tx.now)).get(year, ())
            tokens = [self._base.tokens.birthday(name) for name in names]
            due = members_with_birthday(tx, tokens, cause_of(year), after, limit)
            given = [self._give(tx, actor, member, None) for member in due]
            return sum(isinstance(one, CouponRow) for one in given), due[-1].member_id if due else ""

        return self._base.database.write(transaction)

    def years_open(self) -> tuple[int, ...]:
        """Returns the years whose gifts may be given now."""
        return tuple(self._rules.open_on(business_day(self._base.clock.now())))

    def _standing(self, tx: Tx, member: MemberRow) -> GiftStanding:
        gift = self._judge(tx, member, birthday_record_of(tx, member.person_id) or self._new_record(tx, member))
        if isinstance(gift, Reason):
            return GiftStanding(GiftState.CLOSED, reason=gift)
        given = coupon_for(tx, member.member_id, gift.cause)
        if given is not None:
            return GiftStanding(GiftState.GIVEN, _told(given))
        terms = gift.terms
        return GiftStanding(GiftState.OPEN, GiftGiven("", gift.text_key, terms.value_fen, terms.valid_until.isoformat()))

    def _judge(self, tx: Tx, member: MemberRow, record: BirthdayRecord) -> BirthdayGift | Reason:
        person = self._person(tx, member)
        data = self._base.people.open_row(person)
        birthday = date.fromisoformat(data.birthday) if data.birthday else None
        proof = ProofLevel(person.birthday_proof or ProofLevel.UNSPECIFIED)
        return self._rules.judge(BirthdayFacts(birthday, proof, record.known_since, record.changed_on), business_day(tx.now))

    def _change(self, tx: Tx, call: Call, member: MemberRow, typed: str, proof: ProofLevel, reason: str = "") -> bool:
        """Returns whether anything became different."""
        today, person = business_day(tx.now), self._person(tx, member)
        birthday = parse_birthday(typed, today)
        if isinstance(birthday, Reason):
            raise refuse(birthday, Finding("birthday", birthday))
        data, record = self._base.people.open_row(person), self._note(tx, member)
        is_same = data.birthday == birthday.isoformat()
        if is_same and (proof is ProofLevel.STATED or proof.value == person.birthday_proof):
            return False
        if age_band(birthday, member.joined_on).value != person.age_band:
            raise refuse(Reason.BIRTHDAY_AGE_BAND, Finding("birthday", Reason.BIRTHDAY_AGE_BAND))
        if not is_same and _is_locked(record, person, proof):
            raise refuse(Reason.BIRTHDAY_LOCKED, Finding("birthday", Reason.BIRTHDAY_LOCKED))
        self._keep(tx, person, replace(data, birthday=birthday.isoformat()), proof)
        if not is_same:
            self._record(tx, record, birthday, is_first=not data.birthday)
        detail: dict[str, str | int | bool] = {"proof": proof.value, "first": not data.birthday, "same_day": is_same}
        if reason:
            detail["reason"] = reason
        self._base.audit.record(tx, Deed(call.actor, "birthday.changed", "member", member.member_id, call.envelope.request_id, detail))
        return True

    def _keep(self, tx: Tx, person: PersonRow, data: PersonalData, proof: ProofLevel) -> None:
        self._base.people.set_birthday(tx, person, data.birthday, proof, self._base.tokens.match_keys(likeness_of(data)))

    def _record(self, tx: Tx, record: BirthdayRecord, birthday: date, *, is_first: bool) -> None:
        today = business_day(tx.now)
        values = {"day_token": self._token(birthday), **({"known_since": today} if is_first else {"changed_on": today})}
        if not change_birthday_record(tx, record, values):
            raise refuse(Reason.STALE_VERSION)

    def _note(self, tx: Tx, member: MemberRow) -> BirthdayRecord:
        known = birthday_record_of(tx, member.person_id)
        if known is not None:
            return known
        record = self._new_record(tx, member)
        add_birthday_record(tx, record)
        return record

    def _new_record(self, tx: Tx, member: MemberRow) -> BirthdayRecord:
        birthday = self._base.people.open(tx, member.person_id).birthday
        token = self._token(date.fromisoformat(birthday)) if birthday else None
        return BirthdayRecord(member.person_id, token, member.joined_on, None, version=1)

    def _give(self, tx: Tx, actor: Actor, member: MemberRow, request_id: str | None) -> CouponRow | Reason:
        person, record = self._person(tx, member), self._note(tx, member)
        data = self._base.people.open_row(person)
        birthday = date.fromisoformat(data.birthday) if data.birthday else None
        proof = ProofLevel(person.birthday_proof or ProofLevel.UNSPECIFIED)
        gift = self._judge(tx, member, record)
        if isinstance(gift, Reason):
            return gift
        if has_coupon_for(tx, member.member_id, gift.cause):
            return Reason.BIRTHDAY_GIFT_TAKEN
        row = self._hand_over(tx, member, gift)
        detail: dict[str, str | int | bool] = {
            "member": member.member_id,
            "year": gift.year,
            "proof": proof.value,
            "rules": gift.rules_version,
        }
        self._base.audit.record(tx, Deed(actor, "birthday.gift_given", "coupon", row.coupon_id, request_id, detail))
        if birthday is not None and age_on(birthday, business_day(tx.now)) >= ADULT_AGE:
            self._tell(tx, person, data, row)
        return row

    def _hand_over(self, tx: Tx, member: MemberRow, gift: BirthdayGift) -> CouponRow:
        is_active = member.activated_at is not None
        coupon = Gift(
            coupon_id=self._base.ids.new("cpn"),
            member_id=member.member_id,
            terms=gift.terms,
            cause=gift.cause,
            definition=gift.definition,
            text_key=gift.text_key,
            rules_version=gift.rules_version,
            state=CouponState.CLAIMED if is_active else CouponState.ISSUED,
            awaits=Awaits.NOTHING if is_active else Awaits.CARD_ACTIVATION,
        )
        return give(tx, coupon)

    def _tell(self, tx: Tx, person: PersonRow, data: PersonalData, row: CouponRow) -> None:
        """Tells an adult of what is theirs now; minors are sent nothing that could be taken for an offer (notice, section 10)."""
        language = Language(person.language)
        amounts = "{:.2f}" if language is Language.EN else "{:g}"
        message = Notification(
            event_key=f"birthday:{row.coupon_id}",
            template="birthday_gift",
            language=language,
            mobile=data.mobile,
            email=data.email,
            person_id=person.person_id,
            variables={
                "name": data.name,
                "value": amounts.format(row.value_fen / 100),
                "minimum": amounts.format(row.minimum_spend_fen / 100),
                "until": row.valid_until.isoformat(),
            },
        )
        self._notifications.send(tx, message)

    def _person(self, tx: Tx, member: MemberRow) -> PersonRow:
        person = self._base.people.find(tx, member.person_id)
        if person is None:
            raise refuse(Reason.MEMBER_UNKNOWN)
        return person

    def _token(self, birthday: date) -> bytes:
        return self._base.tokens.birthday(birthday.strftime("%m-%d"))


def _is_locked(record: BirthdayRecord, person: PersonRow, proof: ProofLevel) -> bool:
    """A member changes it once, until it is proved; the desk, which is shown a proof, mends also what the member changed, and that once."""
    is_proved, is_changed = person.birthday_proof in _LOCKING_PROOFS, record.changed_on is not None
    return (is_changed or is_proved) if proof is ProofLevel.STATED else (is_changed and is_proved)


def _told(row: CouponRow | None) -> GiftGiven:
    if row is None:
        raise refuse(Reason.SERVICE_FAULT)
    return GiftGiven(row.coupon_id, row.text_key, row.value_fen, row.valid_until.isoformat())
