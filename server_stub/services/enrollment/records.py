"""Writes an application and everything that belongs to it: person, consents, decision, task, audit. Knows no check."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from server_stub.domain.actors import DeviceActor
from server_stub.domain.application_states import OPEN_STATES, ApplicationState
from server_stub.domain.decision_reasons import Verdict
from server_stub.domain.envelope import Envelope
from server_stub.domain.form_check import CheckedForm
from server_stub.domain.mobile import Mobile
from server_stub.domain.numbering import new_application_number
from server_stub.domain.preliminary import Judgement, Outcome, PreliminaryRules
from server_stub.services.audit import Deed
from server_stub.services.enrollment.duplicates import ADDRESS_DIVIDER, SimilarPerson, likeness
from server_stub.services.enrollment.gate import Admissible
from server_stub.services.foundation import Foundation
from server_stub.services.guardians.standing import Guardian
from server_stub.storage.applications import ApplicationRow, ConsentRow, add_application, add_consent, application_by_number
from server_stub.storage.database import Tx
from server_stub.storage.people import PersonalData, PersonFacts
from server_stub.storage.reviews import DecisionRow, TaskRow, TaskState, add_decision, add_task

PRELIMINARY_AUTHOR = "system:preliminary"
PRELIMINARY_REASON = "PRELIMINARY_CHECK"
_STATE = {
    Outcome.APPROVED: ApplicationState.CARD_PENDING,
    Outcome.IN_REVIEW: ApplicationState.IN_REVIEW,
    Outcome.RETURNED: ApplicationState.RETURNED,
}
_VERDICT = {Outcome.APPROVED: Verdict.APPROVE, Outcome.IN_REVIEW: Verdict.REVIEW, Outcome.RETURNED: Verdict.RETURN}


@dataclass(frozen=True, slots=True)
class Incoming:
    """An application that was judged and is to be written; mobile is the guardian's where there is one."""

    device: DeviceActor
    envelope: Envelope
    admissible: Admissible
    mobile: Mobile
    mobile_token: bytes
    checked: CheckedForm
    similar: tuple[SimilarPerson, ...]
    judgement: Judgement
    replaces_application_id: str | None = None
    guardian: Guardian | None = None

    @property
    def own_mobile_token(self) -> bytes | None:
        """Returns the lookup token of the applicant's own phone; a child has none, its guardian is found by it."""
        return None if self.guardian else self.mobile_token


class Records:
    """The writer."""

    def __init__(self, base: Foundation, rules: PreliminaryRules) -> None:
        self._base = base
        self._rules = rules

    def store(self, tx: Tx, incoming: Incoming) -> ApplicationRow:
        """Writes everything and returns the application."""
        person_id = self._base.ids.new("per")
        self._add_person(tx, person_id, incoming)
        application = self._application(tx, person_id, incoming)
        add_application(tx, application)
        deed = Deed(incoming.device, "application.submitted", "application", application.application_id, incoming.envelope.request_id)
        self._base.audit.record(tx, deed)
        self._add_consents(tx, application, incoming)
        self._add_decision(tx, application, incoming)
        if incoming.judgement.outcome is Outcome.IN_REVIEW:
            self._add_task(tx, application, incoming)
        return application

    def _add_person(self, tx: Tx, person_id: str, incoming: Incoming) -> None:
        """Keeps what is necessary: of an application that is returned only the name and the phone."""
        checked, form = incoming.checked, incoming.admissible
        is_kept = incoming.judgement.outcome is not Outcome.RETURNED
        id_number = checked.id_number if is_kept else None
        facts = PersonFacts(
            person_id=person_id,
            mobile_token=incoming.own_mobile_token,
            id_token=self._base.tokens.id_number(id_number.text) if id_number else None,
            birthday_proof=checked.birthday_proof if is_kept else "UNSPECIFIED",
            age_band=form.band,
            language=form.language,
        )
        name = checked.name or ""
        data = PersonalData(name=name, mobile=incoming.mobile.e164)
        if is_kept:
            data = PersonalData(
                name=name,
                mobile=incoming.mobile.e164,
                email=checked.email or "",
                birthday=checked.birthday.isoformat() if checked.birthday else "",
                address=_address_line(checked),
                id_last4=id_number.last4 if id_number else "",
            )
        self._base.people.add(tx, facts, data, self._base.tokens.match_keys(likeness(checked)) if is_kept else ())

    def _application(self, tx: Tx, person_id: str, incoming: Incoming) -> ApplicationRow:
        state = _STATE[incoming.judgement.outcome]
        return ApplicationRow(
            application_id=self._base.ids.new("app"),
            number=self._free_number(tx),
            person_id=person_id,
            state=state,
            version=1,
            findings=incoming.judgement.findings,
            open_mobile_token=incoming.own_mobile_token if state in OPEN_STATES else None,
            channel=incoming.admissible.channel,
            schema_version=incoming.admissible.form.schema_version,
            device_id=incoming.device.device_id,
            store_id=incoming.device.store_id,
            notice_version=incoming.admissible.notice.version,
            rules_version=self._rules.version,
            replaces_application_id=incoming.replaces_application_id,
            occurred_at=incoming.envelope.occurred_at,
            submitted_at=tx.now,
            state_since=tx.now,
        )

    def _add_consents(self, tx: Tx, application: ApplicationRow, incoming: Incoming) -> None:
        for choice in incoming.admissible.choices:
            row = ConsentRow(
                consent_id=self._base.ids.new("con"),
                person_id=application.person_id,
                application_id=application.application_id,
                purpose=choice.purpose,
                given=choice.given,
                notice_version=incoming.admissible.notice.version,
                text_sha256=incoming.admissible.notice.text_sha256,
                language=incoming.admissible.language,
                device_id=incoming.device.device_id,
                occurred_at=incoming.envelope.occurred_at,
                recorded_at=tx.now,
                guardian_person_id=incoming.guardian.member.person_id if incoming.guardian else None,
            )
            add_consent(tx, row)
            deed = Deed(incoming.device, "consent.recorded", "consent", row.consent_id, incoming.envelope.request_id)
            self._base.audit.record(tx, deed)

    def _add_decision(self, tx: Tx, application: ApplicationRow, incoming: Incoming) -> None:
        row = DecisionRow(
            decision_id=self._base.ids.new("dec"),
            application_id=application.application_id,
            verdict=_VERDICT[incoming.judgement.outcome],
            reason_code=PRELIMINARY_REASON,
            findings=incoming.judgement.findings,
            author=PRELIMINARY_AUTHOR,
            application_version=application.version,
            rules_version=self._rules.version,
            at=tx.now,
        )
        add_decision(tx, row)
        deed = Deed(incoming.device, "decision.made", "decision", row.decision_id, incoming.envelope.request_id)
        self._base.audit.record(tx, deed)

    def _add_task(self, tx: Tx, application: ApplicationRow, incoming: Incoming) -> None:
        row = TaskRow(
            task_id=self._base.ids.new("tsk"),
            application_id=application.application_id,
            state=TaskState.OPEN,
            needed_approvals=incoming.judgement.needed_approvals,
            similar=[{"person_id": s.person_id, "score": s.score} for s in incoming.similar],
            opened_at=tx.now,
            due_at=tx.now + timedelta(hours=self._rules.review_hours),
            claimed_by=None,
            lease_until=None,
            version=1,
        )
        add_task(tx, row)

    def _free_number(self, tx: Tx) -> str:
        while True:
            number = new_application_number(self._base.random_below)
            if application_by_number(tx, number) is None:
                return number


def _address_line(checked: CheckedForm) -> str:
    address = checked.address
    return ADDRESS_DIVIDER.join((address.district_code, address.detail, address.postcode)) if address else ""
