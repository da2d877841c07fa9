"""Looks again for who an applicant may be by now: while an application waits others join, and the list of earlier abuse grows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from server_stub.domain.actors import StaffActor
from server_stub.domain.decision_reasons import Verdict
from server_stub.domain.preliminary import PreliminaryRules
from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import Finding, refuse
from server_stub.services.audit import Deed
from server_stub.services.enrollment.duplicates import Duplicates, Sought, likeness_of
from server_stub.services.enrollment.records import PRELIMINARY_AUTHOR, PRELIMINARY_REASON
from server_stub.services.foundation import Foundation
from server_stub.storage.applications import ApplicationRow, change_application
from server_stub.storage.database import Tx
from server_stub.storage.reviews import DecisionRow, TaskRow, add_decision, change_task


@dataclass(frozen=True, slots=True)
class News:
    """Why a person looks by now, all of it, and who is similar by now; `similar` as in ``TaskRow``."""

    findings: tuple[Finding, ...]
    similar: list[dict[str, Any]]
    needed_approvals: int


class SecondLook:
    """The preliminary check's search, for an application that waits."""

    def __init__(self, base: Foundation, rules: PreliminaryRules) -> None:
        self._base = base
        self._rules = rules
        self._duplicates = Duplicates(base, rules.similarity)

    def news(self, tx: Tx, application: ApplicationRow, task: TaskRow) -> News | None:
        """Returns what a reviewer does not see yet, None where there is nothing."""
        person = self._base.people.find(tx, application.person_id)
        if person is None:
            return None
        sought = Sought(likeness_of(self._base.people.open_row(person)), person.id_token, person.mobile_token)
        found = self._duplicates.similar(tx, sought)
        known = {entry["person_id"] for entry in task.similar}
        similar = [*task.similar, *({"person_id": s.person_id, "score": s.score} for s in found if s.person_id not in known)]
        findings = tuple(dict.fromkeys((*application.findings, *self._duplicates.findings(tx, sought, found))))
        if findings == application.findings and similar == task.similar:
            return None
        return News(findings, similar, max(task.needed_approvals, self._rules.judge(findings).needed_approvals))

    def require_nothing_new(self, tx: Tx, application: ApplicationRow, task: TaskRow) -> None:
        """Lets an approval through that knew all there is to know.

        Raises:
            Refusal: STALE_VERSION.
        """
        if self.news(tx, application, task):
            raise refuse(Reason.STALE_VERSION)

    def take_in(self, tx: Tx, staff: StaffActor, application: ApplicationRow, task: TaskRow) -> None:
        """Writes the news to the application, as another verdict of the preliminary check, for the person who looks now.

        Raises:
            Refusal: STALE_VERSION.
        """
        news = self.news(tx, application, task)
        if news is None:
            return
        changed = change_application(tx, application, {"findings": news.findings}) and change_task(
            tx, task, {"similar": news.similar, "needed_approvals": news.needed_approvals}
        )
        if not changed:
            raise refuse(Reason.STALE_VERSION)
        row = DecisionRow(
            decision_id=self._base.ids.new("dec"),
            application_id=application.application_id,
            verdict=Verdict.REVIEW,
            reason_code=PRELIMINARY_REASON,
            findings=news.findings,
            author=PRELIMINARY_AUTHOR,
            application_version=application.version + 1,
            rules_version=self._rules.version,
            at=tx.now,
        )
        add_decision(tx, row)
        self._base.audit.record(tx, Deed(staff, "decision.made", "decision", row.decision_id))
