"""Rule files: submitted by one person, agreed to by another, and from then on a version that never changes.

Knows who may do what and owns the transactions; what is a sound rule is ``domain/program/lint.py``. A change that members feel needs a
published announcement of its very first day whose notice period is over by then; so does no version that stands behind it change unheard.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from typing import Any

from server_stub.domain.actors import Actor, StaffActor
from server_stub.domain.benefit_change import ChangeState, NoticeRules
from server_stub.domain.clock import business_day
from server_stub.domain.envelope import Envelope
from server_stub.domain.ledger.calendar import start_of
from server_stub.domain.permissions import Operation, require
from server_stub.domain.program.catalogue import HOUSE, RULE_SETS, shipped_base
from server_stub.domain.program.document import as_document
from server_stub.domain.program.lint import Examined, examine
from server_stub.domain.program.parameters import Parameters
from server_stub.domain.program.rule_file import Base, RuleFile, RuleNames, as_json, from_json
from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import Finding, refuse
from server_stub.services.audit import Deed
from server_stub.services.foundation import Foundation
from server_stub.services.ledger.programme import InForce, Programme
from server_stub.services.requests import Answer, Call
from server_stub.services.review.queue import require_staff
from server_stub.storage.benefit_changes import find_change
from server_stub.storage.database import Tx
from server_stub.storage.rule_drafts import (
    RuleApprovalRow,
    RuleDraftRow,
    add_approval,
    add_draft,
    all_approvals,
    all_drafts,
    approved_draft,
    drafts_of,
    find_approval,
    has_members,
)
from server_stub.storage.rule_sets import all_rule_sets, find_rule_set, version_in_force

DRAFT, PUBLISHED, IN_FORCE, OVER = "DRAFT", "PUBLISHED", "IN_FORCE", "OVER"
# No member feels these: they bound what desks and tills may do.
_UNFELT = frozenset({"adjust_limit", "max_late_days", "unmerge_days"})
_AN_INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class RulesView:
    """A version or a draft as a list shows it; days as YYYY-MM-DD or empty."""

    version: str
    revision: int
    state: str
    effective_from: str
    based_on: str
    submitted_by: str
    approved_by: str


@dataclass(frozen=True, slots=True)
class ShownRules:
    """A version or a draft in full."""

    summary: RulesView
    document: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Difference:
    """A field in which two versions differ; None where one does not have it."""

    field: str
    before: Any
    after: Any


class RuleDesk:
    """The use cases. Every method raises ``Refusal`` with NOT_PERMITTED and those of ``RequestLog.once``, and its own."""

    def __init__(self, base: Foundation, programme: Programme, notice: NoticeRules) -> None:
        self._base = base
        self._programme = programme
        self._notice = notice

    def examine(self, actor: Actor, document: Mapping[str, Any]) -> Examined:
        """Returns what submitting would find wrong; published versions can be what a file is based on."""
        require(actor, Operation.READ_RULES)
        return self._base.database.read(lambda tx: _examined(tx, document))

    def submit(self, actor: Actor, envelope: Envelope, document: Mapping[str, Any]) -> RulesView:
        """Keeps a file as the next revision of its version.

        Args:
            actor: Who answers for it.
            envelope: Of the request.
            document: As TOML or JSON gives it, days as texts.

        Raises:
            Refusal: RULES_FAULTY with findings by field, RULES_PUBLISHED, RULES_EFFECTIVE_TAKEN.
        """
        staff = require_staff(actor, Operation.SUBMIT_RULES)
        call = Call(staff, envelope, Operation.SUBMIT_RULES, dict(document))

        def work(tx: Tx) -> Answer:
            rules, first_day = _sound(_examined(tx, document))
            _require_unpublished(tx, rules.version)
            _require_free_day(tx, first_day)
            before = drafts_of(tx, rules.version)
            revision = before[0].revision + 1 if before else 1
            row = RuleDraftRow(rules.version, revision, first_day, as_json(rules), envelope.request_id, staff.name, tx.now)
            add_draft(tx, row)
            detail: dict[str, str | int | bool] = {"version": row.version, "revision": row.revision}
            self._base.audit.record(tx, Deed(staff, "rules.submitted", request_id=envelope.request_id, detail=detail))
            return {"version": row.version}

        return self._summary(self._base.requests.once(call, work)["version"])

    def approve(self, actor: Actor, envelope: Envelope, version: str, revision: int | None = None) -> RulesView:
        """Publishes the last revision; whoever wrote a revision of it cannot be the one who agrees.

        Raises:
            Refusal: RULES_PUBLISHED, RULES_UNKNOWN; STALE_VERSION where the last revision is not the one that was looked at;
                SELF_APPROVAL, RULES_EFFECTIVE_PAST, RULES_EFFECTIVE_TAKEN; where members feel the change BENEFIT_NOTICE_MISSING,
                BENEFIT_CHANGE_UNKNOWN, BENEFIT_EFFECTIVE_TOO_SOON, BENEFIT_OTHER_DAY, RULES_NEXT_UNANNOUNCED.
        """
        staff = require_staff(actor, Operation.APPROVE_RULES)
        call = Call(staff, envelope, Operation.APPROVE_RULES, [version, revision])

        def work(tx: Tx) -> Answer:
            _require_unpublished(tx, version)
            drafts = drafts_of(tx, version)
            if not drafts:
                raise refuse(Reason.RULES_UNKNOWN)
            draft = drafts[0]
            if revision is not None and revision != draft.revision:
                raise refuse(Reason.STALE_VERSION)
            if staff.name in {one.submitted_by for one in drafts}:
                raise refuse(Reason.SELF_APPROVAL)
            self._publish(tx, staff, draft, envelope.request_id)
            return {"version": version}

        return self._summary(self._base.requests.once(call, work)["version"])

    def list(self, actor: Actor) -> tuple[RulesView, ...]:
        """Returns every version and every draft, by first day."""
        require(actor, Operation.READ_RULES)
        return self._base.database.read(_all_views)

    def show(self, actor: Actor, version: str) -> ShownRules:
        """Returns a version, or the last revision of a draft.

        Raises:
            Refusal: RULES_UNKNOWN.
        """
        require(actor, Operation.READ_RULES)
        return self._base.database.read(lambda tx: _shown(tx, version))

    def on(self, actor: Actor, day: date) -> ShownRules:
        """Returns the rules that were in force at the end of a day.

        Raises:
            Refusal: RULES_UNKNOWN: none had been published, so that the built-in ones held.
        """
        require(actor, Operation.READ_RULES)

        def reading(tx: Tx) -> ShownRules:
            version = version_in_force(tx, start_of(day + timedelta(days=1)) - _AN_INSTANT)
            if version is None:
                raise refuse(Reason.RULES_UNKNOWN)
            return _shown(tx, version)

        return self._base.database.read(reading)

    def diff(self, actor: Actor, before: str, after: str) -> tuple[Difference, ...]:
        """Returns what differs between two versions, drafts or shipped rule sets, field by field.

        Raises:
            Refusal: RULES_UNKNOWN.
        """
        require(actor, Operation.READ_RULES)
        first, second = self._base.database.read(lambda tx: (_content(tx, before), _content(tx, after)))
        names = sorted(first.keys() | second.keys())
        return tuple(Difference(name, first.get(name), second.get(name)) for name in names if first.get(name) != second.get(name))

    def _summary(self, version: str) -> RulesView:
        return self._base.database.read(lambda tx: _shown(tx, version).summary)

    def _publish(self, tx: Tx, staff: StaffActor, draft: RuleDraftRow, request_id: str) -> None:
        rules, today = from_json(draft.document), business_day(tx.now)
        if draft.effective_from <= today:
            raise refuse(Reason.RULES_EFFECTIVE_PAST, Finding("effective_from", Reason.RULES_EFFECTIVE_PAST))
        _require_free_day(tx, draft.effective_from)
        effective_from = start_of(draft.effective_from)
        before = self._programme.at(tx, effective_from - _AN_INSTANT).parameters
        is_felt = has_members(tx) and bool(_felt(before, rules.parameters))
        if is_felt:
            self._require_notice(tx, rules, draft.effective_from)
            self._require_next_unchanged(tx, before, rules.parameters, effective_from)
        self._programme.publish_in(tx, staff, InForce(draft.version, rules.parameters), effective_from)
        approval = RuleApprovalRow(
            version=draft.version,
            revision=draft.revision,
            effective_from=draft.effective_from,
            notice=rules.benefit_change if is_felt else "",
            request_id=request_id,
            submitted_by=draft.submitted_by,
            approved_by=staff.name,
            approved_at=tx.now,
        )
        add_approval(tx, approval)
        detail: dict[str, str | int | bool] = {"version": draft.version, "revision": draft.revision, "submitted_by": draft.submitted_by}
        self._base.audit.record(tx, Deed(staff, "rules.approved", "rule_approval", draft.version, request_id, detail))

    def _require_notice(self, tx: Tx, rules: RuleFile, first_day: date) -> None:
        """Lets rules through of which members hear in time (row 50)."""
        if not rules.benefit_change:
            raise refuse(Reason.BENEFIT_NOTICE_MISSING, Finding("benefit_change", Reason.BENEFIT_NOTICE_MISSING))
        change = find_change(tx, rules.benefit_change)
        if change is None or change.state is not ChangeState.PUBLISHED or change.notice_on is None:
            raise refuse(Reason.BENEFIT_CHANGE_UNKNOWN, Finding("benefit_change", Reason.BENEFIT_CHANGE_UNKNOWN))
        notice = timedelta(days=max(rules.notice_days, self._notice.minimum_days))
        # Nobody heard before it was published, whatever notice day it names.
        told_on = max(change.notice_on, business_day(change.published_at or tx.now))
        if first_day < told_on + notice:
            raise refuse(Reason.BENEFIT_EFFECTIVE_TOO_SOON, Finding("effective_from", Reason.BENEFIT_EFFECTIVE_TOO_SOON))
        # Only one version begins on a day, so an announcement tells of no second one.
        if first_day != change.effective_on:
            raise refuse(Reason.BENEFIT_OTHER_DAY, Finding("effective_from", Reason.BENEFIT_OTHER_DAY))

    def _require_next_unchanged(self, tx: Tx, before: Parameters, after: Parameters, effective_from: datetime) -> None:
        """Lets rules through where members feel nothing more of the version after them than they would have without these."""
        turn = next((row.effective_from for row in all_rule_sets(tx) if row.effective_from > effective_from), None)
        if turn is None:
            return
        following = self._programme.at(tx, turn).parameters
        if set(_felt(after, following)) - set(_felt(before, following)):
            raise refuse(Reason.RULES_NEXT_UNANNOUNCED, Finding("effective_from", Reason.RULES_NEXT_UNANNOUNCED))


def _examined(tx: Tx, document: Mapping[str, Any]) -> Examined:
    return examine(document, business_day(tx.now), lambda name: _base_of(tx, name))


def _base_of(tx: Tx, name: str) -> Base | None:
    shipped = shipped_base(name)
    if shipped is not None:
        return shipped
    draft = approved_draft(tx, name)
    if draft is None:
        return None
    rules = from_json(draft.document)
    return Base(rules.parameters, rules.names)


def _sound(examined: Examined) -> tuple[RuleFile, date]:
    """Returns rules without fault, and their first day."""
    findings = [Finding(finding.field, Reason.RULES_FAULTY) for finding in examined.findings]
    rules = examined.rules
    if rules is not None and rules.effective_from is None:
        findings.append(Finding("effective_from", Reason.FIELD_REQUIRED))
    if findings or rules is None or rules.effective_from is None:
        raise refuse(Reason.RULES_FAULTY, *findings)
    return rules, rules.effective_from


def _require_unpublished(tx: Tx, version: str) -> None:
    if version in (*RULE_SETS, HOUSE) or find_rule_set(tx, version) is not None:
        raise refuse(Reason.RULES_PUBLISHED, Finding("version", Reason.RULES_PUBLISHED))


def _require_free_day(tx: Tx, first_day: date) -> None:
    moment = start_of(first_day)
    if any(row.effective_from == moment for row in all_rule_sets(tx)):
        raise refuse(Reason.RULES_EFFECTIVE_TAKEN, Finding("effective_from", Reason.RULES_EFFECTIVE_TAKEN))


def _felt(before: Parameters, after: Parameters) -> tuple[str, ...]:
    """Returns the parameters in which rules differ and of which members must hear."""
    names = [f.name for f in fields(Parameters) if f.name not in _UNFELT]
    return tuple(name for name in names if getattr(before, name) != getattr(after, name))


def _all_views(tx: Tx) -> tuple[RulesView, ...]:
    current = version_in_force(tx, tx.now)
    drafts = {row.version: row for row in all_drafts(tx)}
    approvals = {row.version: row for row in all_approvals(tx)}
    published = [
        _view(tx, row.version, business_day(row.effective_from), drafts.pop(row.version, None), approvals.get(row.version), current)
        for row in all_rule_sets(tx)
    ]
    waiting = [_view(tx, row.version, row.effective_from, row, None, current) for row in drafts.values()]
    return (*published, *waiting)


def _view(
    tx: Tx, version: str, first_day: date, draft: RuleDraftRow | None, approval: RuleApprovalRow | None, current: str | None
) -> RulesView:
    is_draft = draft is not None and find_rule_set(tx, version) is None
    return RulesView(
        version=version,
        revision=draft.revision if draft else 0,
        state=DRAFT if is_draft else _state(tx, version, first_day, current),
        effective_from=first_day.isoformat(),
        based_on=draft.document["based_on"] if draft else "",
        submitted_by=draft.submitted_by if draft else "",
        approved_by=approval.approved_by if approval else "",
    )


def _state(tx: Tx, version: str, first_day: date, current: str | None) -> str:
    if version == current:
        return IN_FORCE
    return PUBLISHED if start_of(first_day) > tx.now else OVER


def _shown(tx: Tx, version: str) -> ShownRules:
    current = version_in_force(tx, tx.now)
    row, approval = find_rule_set(tx, version), find_approval(tx, version)
    drafts = drafts_of(tx, version)
    draft = approved_draft(tx, version) if approval else next(iter(drafts), None)
    if row is None and draft is None:
        raise refuse(Reason.RULES_UNKNOWN)
    first_day = business_day(row.effective_from) if row else draft.effective_from if draft else date.max
    view = _view(tx, version, first_day, draft, approval, current)
    return ShownRules(view, draft.document if draft else {"params": row.document if row else {}})


def _content(tx: Tx, version: str) -> dict[str, Any]:
    """Returns names and parameters of a version by field."""
    shipped = shipped_base(version)
    if shipped is not None:
        return _flat(shipped.parameters, shipped.names)
    document = _shown(tx, version).document
    if "names" not in document:
        return {f"params.{name}": value for name, value in document["params"].items()}
    rules = from_json(document)
    return _flat(rules.parameters, rules.names)


def _flat(parameters: Parameters, names: RuleNames) -> dict[str, Any]:
    found: dict[str, Any] = {f"params.{name}": value for name, value in as_document(parameters).items()}
    found |= {f"names.tiers.{key}": dict(words) for key, words in names.tiers.items()}
    return found | {f"names.multipliers.{key}": dict(words) for key, words in names.multipliers.items()}
