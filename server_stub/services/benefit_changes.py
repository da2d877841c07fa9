"""Changes of benefits: drafted by one person, published by another, told to every member before they take effect.

Knows who may do what and owns the transactions; how long the notice period is, is ``domain/benefit_change.py``. That a published change
has a notice day before its effective day, and two names, is a check of the database too.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from server_stub.domain.actors import Actor, StaffActor
from server_stub.domain.benefit_change import ChangeState, ChangeWords, NoticeRules, require_order, require_words
from server_stub.domain.clock import business_day
from server_stub.domain.envelope import Envelope
from server_stub.domain.language import Language
from server_stub.domain.permissions import Operation, require
from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import refuse
from server_stub.services.audit import Deed
from server_stub.services.foundation import Foundation
from server_stub.services.notifications import Notification, Notifications
from server_stub.services.requests import Answer, Call
from server_stub.storage.benefit_changes import (
    ChangeRow,
    NoticeRow,
    add_change,
    add_notice,
    all_changes,
    changes_to_tell,
    changes_told_to_others,
    find_change,
    members_after,
    notices_by_state,
    set_change,
)
from server_stub.storage.database import Tx
from server_stub.storage.members import MemberRow
from server_stub.storage.outbox import MessageState

_TEMPLATE = "benefit_change"


@dataclass(frozen=True, slots=True)
class DraftChange:
    """A change as a person writes it.

    Attributes:
        change_id: Of the draft that it replaces, or empty for a new one.
        notice_on: Day on which members are told; None: not set yet.
    """

    change_id: str
    effective_on: date
    notice_on: date | None
    words: Mapping[Language, ChangeWords]


@dataclass(frozen=True, slots=True)
class ChangeView:
    """A change as staff see it; days as YYYY-MM-DD or empty, title in Simplified Chinese."""

    change_id: str
    state: ChangeState
    effective_on: str
    notice_on: str
    title: str
    drafted_by: str
    published_by: str
    told: bool


@dataclass(frozen=True, slots=True)
class AnnouncedChange:
    """A change as a kiosk shows it; day as YYYY-MM-DD."""

    change_id: str
    title: str
    text: str
    effective_on: str


@dataclass(frozen=True, slots=True)
class ChangeDelivery:
    """What became of the messages about a change.

    Attributes:
        members: To whom it was to be told so far.
        handed_over: Taken by a gateway.
        unreachable: Members without a number or address.
        rate_percent: Handed over, of all members; rounded down, so that 100 means all.
    """

    change_id: str
    members: int
    handed_over: int
    waiting: int
    failed: int
    unreachable: int
    rate_percent: int
    complete: bool


class BenefitChanges:
    """The use cases. Every method raises ``Refusal`` with NOT_PERMITTED and those of ``RequestLog.once``, and its own."""

    def __init__(self, base: Foundation, notifications: Notifications, rules: NoticeRules) -> None:
        self._base = base
        self._notifications = notifications
        self._rules = rules

    def draft(self, actor: Actor, envelope: Envelope, command: DraftChange) -> ChangeView:
        """Keeps a draft, or another wording of one; the days need not be settled yet.

        Raises:
            Refusal: REQUEST_MALFORMED with findings; BENEFIT_EFFECTIVE_TOO_SOON: the days are out of order; BENEFIT_CHANGE_UNKNOWN,
                WRONG_STATE: it is published.
        """
        require(actor, Operation.DRAFT_BENEFIT_CHANGE)
        require_words(command.words)
        require_order(command.effective_on, command.notice_on)
        call = Call(actor, envelope, Operation.DRAFT_BENEFIT_CHANGE, command)
        return self._once(call, lambda tx: self._draft(tx, call, command))

    def publish(self, actor: Actor, envelope: Envelope, change_id: str) -> ChangeView:
        """Publishes a draft that somebody else wrote; from here on it cannot be changed.

        Raises:
            Refusal: BENEFIT_CHANGE_UNKNOWN, WRONG_STATE: it is published; SELF_APPROVAL, BENEFIT_NOTICE_MISSING,
                BENEFIT_EFFECTIVE_TOO_SOON.
        """
        require(actor, Operation.PUBLISH_BENEFIT_CHANGE)
        call = Call(actor, envelope, Operation.PUBLISH_BENEFIT_CHANGE, change_id)

        def work(tx: Tx) -> Answer:
            before = _draft_of(tx, change_id)
            if before.drafted_by == _person(actor):
                raise refuse(Reason.SELF_APPROVAL)
            self._rules.require_notice(before.effective_on, before.notice_on, business_day(tx.now))
            values = {
                "state": ChangeState.PUBLISHED,
                "rules_version": self._rules.version,
                "published_by": _person(actor),
                "published_at": tx.now,
            }
            return self._set(tx, call, before, "benefit_change.published", values)

        return self._once(call, work)

    def list(self, actor: Actor) -> tuple[ChangeView, ...]:
        """Returns every change for staff, the one that takes effect last at the top."""
        require(actor, Operation.READ_BENEFIT_CHANGES)
        return self._base.database.read(lambda tx: tuple(_shown(row) for row in all_changes(tx)))

    def announced(self, actor: Actor, language: Language) -> tuple[AnnouncedChange, ...]:
        """Returns what kiosks show today, the change that takes effect first at the top."""
        require(actor, Operation.READ_ANNOUNCED_CHANGES)

        def reading(tx: Tx) -> tuple[AnnouncedChange, ...]:
            today = business_day(tx.now)
            shown = [row for row in reversed(all_changes(tx)) if self._is_shown(row, today)]
            return tuple(_announced(row, language) for row in shown)

        return self._base.database.read(reading)

    def delivery(self, actor: Actor, change_id: str) -> ChangeDelivery:
        """Returns how many members the message about a change has reached.

        Raises:
            Refusal: BENEFIT_CHANGE_UNKNOWN.
        """
        require(actor, Operation.READ_BENEFIT_CHANGES)

        def reading(tx: Tx) -> ChangeDelivery:
            row = find_change(tx, change_id)
            if row is None:
                raise refuse(Reason.BENEFIT_CHANGE_UNKNOWN)
            return _delivery(row, notices_by_state(tx, change_id))

        return self._base.database.read(reading)

    def tell_next(self, actor: Actor, limit: int) -> int:
        """Queues the message about a change that is due for at most ``limit`` members; returns how many, 0 where nothing is due."""
        require(actor, Operation.RUN_JOBS)

        def transaction(tx: Tx) -> int:
            for row in changes_to_tell(tx, business_day(tx.now)):
                members = members_after(tx, row.told_until, limit)
                for member in members:
                    self._tell(tx, row, member)
                values = {"told_until": members[-1].member_id} if members else {"told_at": tx.now}
                if not set_change(tx, row, values):
                    raise refuse(Reason.STALE_VERSION)
                if members:
                    return len(members)
                self._base.audit.record(tx, Deed(actor, "benefit_change.told", "benefit_change", row.change_id))
            return 0

        return self._base.database.write(transaction)

    def tell_newcomer(self, tx: Tx, member: MemberRow) -> None:
        """Queues the messages that others had before this member came, in the caller's transaction."""
        for row in changes_told_to_others(tx, member.member_id, business_day(tx.now)):
            self._tell(tx, row, member)

    def _draft(self, tx: Tx, call: Call, command: DraftChange) -> Answer:
        words = {language.value: {"title": said.title.strip(), "text": said.text.strip()} for language, said in command.words.items()}
        values = {
            "effective_on": command.effective_on,
            "notice_on": command.notice_on,
            "words": words,
            "drafted_by": _person(call.actor),
            "drafted_at": tx.now,
        }
        if command.change_id:
            return self._set(tx, call, _draft_of(tx, command.change_id), "benefit_change.drafted", values)
        row = ChangeRow(
            change_id=self._base.ids.new("chg"),
            state=ChangeState.DRAFT,
            effective_on=command.effective_on,
            notice_on=command.notice_on,
            words=words,
            rules_version="",
            drafted_by=_person(call.actor),
            drafted_at=tx.now,
            published_by=None,
            published_at=None,
            told_until="",
            told_at=None,
            version=1,
        )
        add_change(tx, row)
        return self._recorded(tx, call, "benefit_change.drafted", row.change_id)

    def _set(self, tx: Tx, call: Call, before: ChangeRow, action: str, values: Mapping[str, object]) -> Answer:
        if not set_change(tx, before, values):
            raise refuse(Reason.STALE_VERSION)
        return self._recorded(tx, call, action, before.change_id)

    def _recorded(self, tx: Tx, call: Call, action: str, change_id: str) -> Answer:
        self._base.audit.record(tx, Deed(call.actor, action, "benefit_change", change_id, call.envelope.request_id))
        return {"change_id": change_id}

    def _once(self, call: Call, work: Callable[[Tx], Answer]) -> ChangeView:
        answer = self._base.requests.once(call, work)
        return self._base.database.read(lambda tx: _shown(_found(tx, answer["change_id"])))

    def _is_shown(self, row: ChangeRow, today: date) -> bool:
        is_public = row.state is ChangeState.PUBLISHED and row.notice_on is not None
        return is_public and self._rules.is_shown(row.effective_on, row.notice_on or today, today)

    def _tell(self, tx: Tx, row: ChangeRow, member: MemberRow) -> None:
        person = self._base.people.find(tx, member.person_id)
        data = self._base.people.open_row(person) if person is not None else None
        key = f"{_TEMPLATE}:{row.change_id}:{member.member_id}"
        is_reached = person is not None and data is not None and bool(data.mobile or data.email)
        add_notice(tx, NoticeRow(row.change_id, member.member_id, key if is_reached else None, tx.now))
        if person is None or data is None or not is_reached:
            return
        language = Language(person.language)
        words = row.words[language.value]
        message = Notification(
            event_key=key,
            template=_TEMPLATE,
            language=language,
            mobile=data.mobile,
            email=data.email,
            person_id=person.person_id,
            variables={"title": words["title"], "text": words["text"], "effective": row.effective_on.isoformat()},
        )
        self._notifications.send(tx, message)


def _person(actor: Actor) -> str:
    if not isinstance(actor, StaffActor):
        raise refuse(Reason.NOT_PERMITTED)
    return actor.name


def _found(tx: Tx, change_id: str) -> ChangeRow:
    row = find_change(tx, change_id)
    if row is None:
        raise refuse(Reason.BENEFIT_CHANGE_UNKNOWN)
    return row


def _draft_of(tx: Tx, change_id: str) -> ChangeRow:
    row = _found(tx, change_id)
    if row.state is not ChangeState.DRAFT:
        raise refuse(Reason.WRONG_STATE)
    return row


def _shown(row: ChangeRow) -> ChangeView:
    return ChangeView(
        change_id=row.change_id,
        state=row.state,
        effective_on=row.effective_on.isoformat(),
        notice_on=row.notice_on.isoformat() if row.notice_on else "",
        title=row.words[Language.ZH_HANS]["title"],
        drafted_by=row.drafted_by,
        published_by=row.published_by or "",
        told=row.told_at is not None,
    )


def _announced(row: ChangeRow, language: Language) -> AnnouncedChange:
    words = row.words[language.value]
    return AnnouncedChange(row.change_id, words["title"], words["text"], row.effective_on.isoformat())


def _delivery(row: ChangeRow, states: Mapping[str | None, int]) -> ChangeDelivery:
    total, handed = sum(states.values()), states.get(MessageState.HANDED_OVER, 0)
    return ChangeDelivery(
        change_id=row.change_id,
        members=total,
        handed_over=handed,
        waiting=states.get(MessageState.QUEUED, 0),
        failed=states.get(MessageState.FAILED, 0) + states.get(MessageState.SUPPRESSED, 0),
        unreachable=states.get(None, 0),
        rate_percent=100 * handed // total if total else 0,
        complete=row.told_at is not None,
    )
