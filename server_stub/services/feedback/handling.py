"""What staff do with a case: a category, an owner, a reply, an end; duplicates are put together. Knows no device.

A case is closed with a reply and a resolution code, or it is not closed. A reply is seen at any kiosk, and a member who gave their
name is told of it by message.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from server_stub.domain.actors import Actor, Role, StaffActor
from server_stub.domain.clock import CHINA
from server_stub.domain.envelope import Envelope
from server_stub.domain.feedback.case import STAFF_RESOLUTIONS, CaseState, Category, Move, Resolution, after_classifying, require_move
from server_stub.domain.feedback.numbers import read_case_number
from server_stub.domain.feedback.rules import FeedbackRules
from server_stub.domain.feedback.wording import keep
from server_stub.domain.language import Language
from server_stub.domain.permissions import Operation, is_allowed, require
from server_stub.domain.person_name import mask_name
from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import Finding, refuse
from server_stub.services.audit import Deed
from server_stub.services.feedback.reach import reached
from server_stub.services.foundation import Foundation
from server_stub.services.notifications import Notification, Notifications
from server_stub.services.requests import Answer, Call
from server_stub.storage.database import Tx
from server_stub.storage.feedback import (
    CaseRow,
    Cases,
    Reply,
    case_by_id,
    case_by_number,
    change_case,
    forget_verdicts_of_duplicates,
    open_cases,
    put_duplicates_to,
)
from server_stub.storage.staff import StaffState, staff_by_name

_TEMPLATE = "feedback_replied"
_OPEN = tuple(state for state in CaseState if state is not CaseState.CLOSED)
_MINUTES = "minutes"


@dataclass(frozen=True, slots=True)
class CaseLine:
    """A case in a list; moments as local time to the minute, empty where there is none.

    Attributes:
        due: What is due next: classify, reply or resolve; empty where nothing is.
        is_overdue: It was due before now.
    """

    case_number: str
    state: CaseState
    face: int
    category: str
    department: str
    store_id: str
    channel: str
    owner: str
    received_at: str
    due: str
    due_at: str
    is_overdue: bool
    is_anonymous: bool
    reopened: int
    version: int


@dataclass(frozen=True, slots=True)
class CaseDetail:
    """A case with everything that is said."""

    summary: CaseLine
    phrases: tuple[str, ...]
    text: str = field(repr=False)
    receipt_number: str = field(repr=False)
    campaign_id: str
    replies: tuple[str, ...] = field(repr=False)
    resolution: str
    verdict: str
    merged_into: str
    first_reply_minutes: int | None
    resolved_minutes: int | None


class CaseDesk:
    """The use cases. Every method raises ``Refusal`` with NOT_PERMITTED and CASE_UNKNOWN, and its own."""

    def __init__(self, base: Foundation, notifications: Notifications, rules: FeedbackRules) -> None:
        self._base = base
        self._notifications = notifications
        self._rules = rules
        self._cases = Cases(base.sealer)

    def list(self, actor: Actor, limit: int, *, with_closed: bool = False) -> tuple[CaseLine, ...]:
        """Returns cases, the one that is due first first; without what members wrote."""
        require(actor, Operation.LIST_CASES)
        states = tuple(CaseState) if with_closed else _OPEN
        return self._base.database.read(lambda tx: tuple(_line(row, tx.now) for row in open_cases(tx, states, limit)))

    def show(self, actor: Actor, typed_number: str) -> CaseDetail:
        """Returns a case with what was written; that somebody looked is recorded."""
        person = _person(actor)

        def transaction(tx: Tx) -> CaseDetail:
            row = _case(tx, typed_number)
            self._base.audit.record(tx, Deed(person, "feedback.shown", "feedback_case", row.case_id))
            return self._detail(tx, row)

        return self._base.database.write(transaction)

    def classify(self, actor: Actor, envelope: Envelope, typed_number: str, category: Category) -> CaseDetail:
        """Gives a case its category.

        Raises:
            Refusal: WRONG_STATE, a closed case.
        """

        def work(tx: Tx, row: CaseRow) -> Mapping[str, object]:
            require_move(row.state, Move.CLASSIFY)
            return {"category": category, "state": after_classifying(row.state), "classified_at": row.classified_at or tx.now}

        return self._change(actor, envelope, ("feedback.classified", typed_number, category), work)

    def assign(self, actor: Actor, envelope: Envelope, typed_number: str, owner: str) -> CaseDetail:
        """Makes a person answerable for a case; an empty name means oneself.

        Raises:
            Refusal: CASE_OWNER; CASE_NOT_CLASSIFIED; WRONG_STATE, closed.
        """
        person = _person(actor)
        name = owner or person.name

        def work(tx: Tx, row: CaseRow) -> Mapping[str, object]:
            if name != person.name:
                _require_owner(tx, name)
            require_move(row.state, Move.ASSIGN)
            return {"owner": name, "state": CaseState.ASSIGNED}

        return self._change(actor, envelope, ("feedback.assigned", typed_number, name), work)

    def reply(self, actor: Actor, envelope: Envelope, typed_number: str, text: str) -> CaseDetail:
        """Answers the member; the text is seen at kiosks, and a member who gave their name is told by message.

        Raises:
            Refusal: CASE_NOT_CLASSIFIED, CASE_NOT_ASSIGNED, CASE_NOT_YOURS; WRONG_STATE, closed;
                REQUEST_MALFORMED with FIELD_REQUIRED or FIELD_TOO_LONG.
        """
        person = _person(actor)
        said = keep(text, self._rules.longest_reply)
        if not said.text or said.is_trimmed:
            found = Reason.FIELD_TOO_LONG if said.is_trimmed else Reason.FIELD_REQUIRED
            raise refuse(Reason.REQUEST_MALFORMED, Finding("text", found))

        def work(tx: Tx, row: CaseRow) -> Mapping[str, object]:
            require_move(row.state, Move.REPLY)
            if row.owner != person.name:
                raise refuse(Reason.CASE_NOT_YOURS)
            reply_id = self._base.ids.new("fbr")
            self._cases.add_reply(tx, row, reply_id, said.text, person.name)
            self._tell(tx, row, reply_id)
            self._told(tx, person, forget_verdicts_of_duplicates(tx, row), "feedback.verdict_forgotten")
            return {"state": CaseState.REPLIED, "replied_at": row.replied_at or tx.now, "verdict": None}

        return self._change(actor, envelope, ("feedback.replied", typed_number, said.text), work)

    def close(self, actor: Actor, envelope: Envelope, typed_number: str, resolution: Resolution | None) -> CaseDetail:
        """Ends a case that has a reply.

        Raises:
            Refusal: CASE_RESOLUTION_MISSING; CASE_REPLY_MISSING, none since it was opened, or opened again; WRONG_STATE, closed.
        """
        if resolution not in STAFF_RESOLUTIONS:
            raise refuse(Reason.CASE_RESOLUTION_MISSING)

        def work(tx: Tx, row: CaseRow) -> Mapping[str, object]:
            require_move(row.state, Move.CLOSE)
            if row.state is not CaseState.REPLIED:
                raise refuse(Reason.CASE_REPLY_MISSING)
            return {"state": CaseState.CLOSED, "resolution": resolution, "closed_at": tx.now}

        return self._change(actor, envelope, ("feedback.closed", typed_number, resolution), work)

    def merge(self, actor: Actor, envelope: Envelope, typed_number: str, typed_main: str) -> CaseDetail:
        """Puts a duplicate to the case that said it first; who follows the duplicate up reads the other's replies.

        Raises:
            Refusal: CASE_MERGED; WRONG_STATE, the duplicate is closed.
        """

        def work(tx: Tx, row: CaseRow) -> Mapping[str, object]:
            main = _case(tx, typed_main)
            require_move(row.state, Move.MERGE)
            if main.case_id == row.case_id or main.merged_into is not None:
                raise refuse(Reason.CASE_MERGED)
            self._told(tx, _person(actor), put_duplicates_to(tx, main, row), "feedback.moved_along")
            return {
                "state": CaseState.CLOSED,
                "resolution": Resolution.DUPLICATE,
                "merged_into": main.case_id,
                # One on a reply of before says nothing about those of the main case.
                "verdict": None,
                "category": row.category or main.category,
                "closed_at": tx.now,
            }

        return self._change(actor, envelope, ("feedback.merged", typed_number, typed_main), work)

    def _change(
        self, actor: Actor, envelope: Envelope, what: tuple[str, str, str], work: Callable[[Tx, CaseRow], Mapping[str, object]]
    ) -> CaseDetail:
        person = _person(actor)
        action, typed_number, _ = what

        def transaction(tx: Tx) -> Answer:
            row = _case(tx, typed_number)
            if not change_case(tx, row, work(tx, row)):
                raise refuse(Reason.STALE_VERSION)
            self._base.audit.record(tx, Deed(person, action, "feedback_case", row.case_id, envelope.request_id))
            return {"case_id": row.case_id}

        answer = self._base.requests.once(Call(person, envelope, Operation.HANDLE_CASES, list(what)), transaction)
        return self._base.database.read(lambda tx: self._detail(tx, _found(case_by_id(tx, answer["case_id"]))))

    def _told(self, tx: Tx, person: StaffActor, case_ids: tuple[str, ...], action: str) -> None:
        for case_id in case_ids:
            self._base.audit.record(tx, Deed(person, action, "feedback_case", case_id))

    def _tell(self, tx: Tx, row: CaseRow, reply_id: str) -> None:
        found = reached(tx, self._base.people, row.member_id)
        if found is None:
            return
        person, data = found
        message = Notification(
            event_key=f"{_TEMPLATE}:{reply_id}",
            template=_TEMPLATE,
            language=Language(person.language),
            mobile=data.mobile,
            email=data.email,
            person_id=person.person_id,
            variables={"name": mask_name(data.name), "number": row.number},
        )
        self._notifications.send(tx, message)

    def _detail(self, tx: Tx, row: CaseRow) -> CaseDetail:
        content = self._cases.content(row)
        main = case_by_id(tx, row.merged_into) if row.merged_into else None
        return CaseDetail(
            summary=_line(row, tx.now),
            phrases=tuple(row.phrases),
            text=content.text,
            receipt_number=content.receipt_number,
            campaign_id=row.campaign_id or "",
            replies=tuple(_reply(reply) for reply in self._cases.replies(tx, row)),
            resolution=row.resolution or "",
            verdict=row.verdict or "",
            merged_into=main.number if main else "",
            first_reply_minutes=_minutes(row.received_at, row.replied_at),
            resolved_minutes=_minutes(row.received_at, row.closed_at),
        )


def _require_owner(tx: Tx, name: str) -> None:
    account = staff_by_name(tx, name)
    may = account is not None and is_allowed(frozenset(map(Role, account.roles)), Operation.HANDLE_CASES)
    if account is None or not may or account.state is not StaffState.ACTIVE:
        raise refuse(Reason.CASE_OWNER, Finding("owner", Reason.CASE_OWNER))


def _person(actor: Actor) -> StaffActor:
    require(actor, Operation.HANDLE_CASES)
    if not isinstance(actor, StaffActor):
        raise refuse(Reason.NOT_PERMITTED)
    return actor


def _case(tx: Tx, typed_number: str) -> CaseRow:
    return _found(case_by_number(tx, read_case_number(typed_number)))


def _found(row: CaseRow | None) -> CaseRow:
    if row is None:
        raise refuse(Reason.CASE_UNKNOWN)
    return row


def _line(row: CaseRow, now: datetime) -> CaseLine:
    due, due_at = _next_due(row)
    return CaseLine(
        case_number=row.number,
        state=row.state,
        face=row.face,
        category=row.category or "",
        department=row.department or "",
        store_id=row.store_id,
        channel=row.channel,
        owner=row.owner or "",
        received_at=_local(row.received_at),
        due=due,
        due_at=_local(due_at),
        is_overdue=due_at is not None and now > due_at,
        is_anonymous=row.is_anonymous,
        reopened=row.reopened,
        version=row.version,
    )


def _next_due(row: CaseRow) -> tuple[str, datetime | None]:
    match row.state:
        case CaseState.CLOSED:
            return "", None
        case CaseState.RECEIVED:
            return "classify", row.classify_by
        case CaseState.REPLIED:
            return "resolve", row.resolve_by
        case _:
            return "reply", row.reply_by


def _reply(reply: Reply) -> str:
    return f"{_local(reply.at)} {reply.replied_by}: {reply.text}"


def _local(moment: datetime | None) -> str:
    return moment.astimezone(CHINA).replace(tzinfo=None).isoformat(" ", _MINUTES) if moment else ""


def _minutes(begin: datetime, end: datetime | None) -> int | None:
    return int((end - begin).total_seconds()) // 60 if end else None
