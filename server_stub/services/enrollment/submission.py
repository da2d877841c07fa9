"""Takes an application: gate, checks, verdict, and all that follows from it in one transaction. Knows no transport."""

from __future__ import annotations

from dataclasses import dataclass, replace

from server_stub.domain.actors import Actor, DeviceActor
from server_stub.domain.application_form import ApplicationForm
from server_stub.domain.application_states import ApplicationState, require_transition
from server_stub.domain.birthday import AgeBand
from server_stub.domain.clock import business_day
from server_stub.domain.envelope import Envelope
from server_stub.domain.form_check import check_form
from server_stub.domain.guardianship import is_same_person
from server_stub.domain.mobile import DEFAULT_REGIONS, Mobile
from server_stub.domain.notices import NoticeCatalogue
from server_stub.domain.permissions import Operation, require_device
from server_stub.domain.preliminary import Outcome, PreliminaryRules
from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import Finding, refuse
from server_stub.domain.regions.table import Regions
from server_stub.services.admission import Admission
from server_stub.services.audit import Deed
from server_stub.services.enrollment.codes import OwnershipCodes, require_mobile
from server_stub.services.enrollment.duplicates import Duplicates
from server_stub.services.enrollment.gate import Admissible, admit_form
from server_stub.services.enrollment.records import Incoming, Records
from server_stub.services.foundation import Foundation
from server_stub.services.grants import IssueGrants
from server_stub.services.guardians.standing import Guardianship
from server_stub.services.notifications import Notification, Notifications
from server_stub.services.receipts import Receipt, ReceiptFacts, ReceiptKind, Receipts
from server_stub.services.referrals import Referrals
from server_stub.services.requests import Answer, Call
from server_stub.storage.applications import (
    ApplicationRow,
    application_by_id,
    application_by_number,
    change_application,
    newest_returned_application_of,
)
from server_stub.storage.codes import CodePurpose
from server_stub.storage.database import Tx
from server_stub.storage.guardians import guardian_token
from server_stub.storage.members import member_by_application
from server_stub.storage.people import PersonRow

_JOINING = frozenset({CodePurpose.JOIN})
# Who has asked after a returned application need not prove the same number again to mend it.
_MENDING = frozenset({CodePurpose.JOIN, CodePurpose.STATUS})
# What the applicant is not told: another person's membership, and the list of earlier abuse before a person has looked.
_KEPT_BACK = frozenset({Reason.SIMILAR_MEMBER, Reason.BLOCKLISTED})


@dataclass(frozen=True, slots=True)
class SubmitCommand:
    """An application; where it mends a returned one, that one's number; where a member brought the applicant, their code.

    Without a number an adult's application takes the place of the newest one of the same phone that was returned: whoever joins
    again from the beginning leaves nothing open behind. A guardian's does not: it may be another child's.
    """

    form: ApplicationForm
    replaces_application: str = ""
    referral_code: str = ""


@dataclass(frozen=True, slots=True)
class Submitted:
    """What became of an application.

    Attributes:
        findings: What to mend, where RETURNED; why a person looks, where IN_REVIEW and it may be said.
        issue_grant: Where CARD_PENDING; else empty.
        membership_number: 16 digits where CARD_PENDING; else empty.
    """

    application_number: str
    state: ApplicationState
    findings: tuple[Finding, ...]
    issue_grant: str
    receipt: Receipt
    membership_number: str


@dataclass(frozen=True, slots=True)
class Rulebook:
    """The versioned files by which applications are judged."""

    notices: NoticeCatalogue
    preliminary: PreliminaryRules
    regions: Regions
    phone_regions: frozenset[str] = DEFAULT_REGIONS


@dataclass(frozen=True, slots=True)
class Desks:
    """The parts of the service that a submission needs."""

    codes: OwnershipCodes
    admission: Admission
    grants: IssueGrants
    receipts: Receipts
    notifications: Notifications
    referrals: Referrals
    guardianship: Guardianship


class Submission:
    """Takes applications of every channel."""

    def __init__(self, base: Foundation, rules: Rulebook, desks: Desks) -> None:
        self._base = base
        self._rules = rules
        self._desks = desks
        self._duplicates = Duplicates(base, rules.preliminary.similarity)
        self._records = Records(base, rules.preliminary)

    def submit(self, actor: Actor, envelope: Envelope, command: SubmitCommand) -> Submitted:
        """Returns what became of the application.

        Raises:
            Refusal: those of the gate; PHONE_*, PHONE_PROOF, MEMBER_EXISTS, APPLICATION_OPEN, APPLICATION_UNKNOWN and
                APPLICATION_STATE (for the replaced one); REFERRAL_CODE_UNKNOWN; for a child GUARDIAN_NEEDED and those of
                Guardianship.require_proved, GUARDIAN_SELF, and the first finding with all of them; those of RequestLog.once.
                Nothing is stored then.
        """
        device = require_device(actor, Operation.SUBMIT_APPLICATION)
        admissible = admit_form(command.form, self._rules.notices)
        is_child = admissible.band is AgeBand.UNDER_14
        if is_child and command.referral_code:
            raise refuse(Reason.REQUEST_MALFORMED)
        mobile = None if is_child else require_mobile(command.form.mobile, self._rules.phone_regions)
        purposes = _MENDING if command.replaces_application else _JOINING
        call = Call(device, envelope, Operation.SUBMIT_APPLICATION, command)

        def work(tx: Tx) -> Answer:
            incoming = (
                self._check(tx, device, envelope, admissible, mobile, purposes)
                if mobile
                else self._check_child(tx, device, envelope, admissible)
            )
            if command.referral_code:
                self._desks.referrals.require_known(tx, command.referral_code)
            replaced = self._replace(tx, incoming, command.replaces_application)
            return self._store(tx, replace(incoming, replaces_application_id=replaced), command.referral_code)

        answer = self._base.requests.once(call, work)
        return self._base.database.read(lambda tx: self._answer(tx, answer))

    def _check(
        self, tx: Tx, device: DeviceActor, envelope: Envelope, admissible: Admissible, mobile: Mobile, purposes: frozenset[CodePurpose]
    ) -> Incoming:
        token = self._base.tokens.mobile(mobile.e164)
        if self._desks.codes.require_proof(tx, admissible.form.phone_proof, device, purposes) != token:
            raise refuse(Reason.PHONE_PROOF)
        self._duplicates.require_new_phone(tx, token)
        checked = check_form(admissible.form, business_day(tx.now), self._rules.regions)
        sought = self._duplicates.sought(checked, token)
        similar = self._duplicates.similar(tx, sought) if checked.name else ()
        judgement = self._rules.preliminary.judge((*checked.findings, *self._duplicates.findings(tx, sought, similar)))
        return Incoming(device, envelope, admissible, mobile, token, checked, similar, judgement)

    def _check_child(self, tx: Tx, device: DeviceActor, envelope: Envelope, admissible: Admissible) -> Incoming:
        """Returns the application of a child: refused with its findings where something is to mend, else two people look."""
        guardian = self._desks.guardianship.require_proved(tx, admissible.form.phone_proof, device)
        mobile = self._desks.codes.number(guardian.data.mobile)
        if admissible.form.mobile:
            # The contact is the guardian's and is not typed: one number on both sides is one person who says to be two.
            is_same = self._desks.codes.number(admissible.form.mobile) == mobile
            raise refuse(Reason.GUARDIAN_SELF if is_same else Reason.REQUEST_MALFORMED, Finding("mobile", Reason.GUARDIAN_SELF))
        checked = check_form(admissible.form, business_day(tx.now), self._rules.regions)
        if checked.findings:
            # An adult's is returned and kept for 30 days; of a child nothing is kept that leads to nothing.
            raise refuse(checked.findings[0].reason, *checked.findings)
        if is_same_person(guardian.facts, checked.name or "", checked.birthday):
            raise refuse(Reason.GUARDIAN_SELF, Finding("name", Reason.GUARDIAN_SELF))
        token = self._base.tokens.mobile(mobile.e164)
        sought = self._duplicates.sought(checked, token)
        similar = self._duplicates.similar(tx, sought)
        child = Finding("age_band", Reason.GUARDIAN_NEEDED)
        judgement = self._rules.preliminary.judge((child, *self._duplicates.findings(tx, sought, similar)))
        return Incoming(device, envelope, admissible, mobile, token, checked, similar, judgement, guardian=guardian)

    def _replace(self, tx: Tx, incoming: Incoming, number: str) -> str | None:
        before = self._named(tx, incoming, number) if number else self._left_open(tx, incoming)
        if before is None:
            return None
        require_transition(before.state, ApplicationState.WITHDRAWN)
        change_application(tx, before, {"state": ApplicationState.WITHDRAWN, "state_since": tx.now})
        deed = Deed(incoming.device, "application.replaced", "application", before.application_id, incoming.envelope.request_id)
        self._base.audit.record(tx, deed)
        return before.application_id

    def _named(self, tx: Tx, incoming: Incoming, number: str) -> ApplicationRow:
        before = application_by_number(tx, number)
        person = self._base.people.find(tx, before.person_id) if before else None
        if before is None or person is None or not self._is_sender(tx, before, person, incoming):
            raise refuse(Reason.APPLICATION_UNKNOWN)
        if before.state is not ApplicationState.RETURNED:
            raise refuse(Reason.APPLICATION_STATE)
        return before

    def _left_open(self, tx: Tx, incoming: Incoming) -> ApplicationRow | None:
        return None if incoming.guardian else newest_returned_application_of(tx, incoming.mobile_token)

    def _is_sender(self, tx: Tx, before: ApplicationRow, person: PersonRow, incoming: Incoming) -> bool:
        token = guardian_token(tx, before.application_id) if incoming.guardian else person.mobile_token
        return token == incoming.mobile_token

    def _store(self, tx: Tx, incoming: Incoming, referral_code: str) -> Answer:
        application = self._records.store(tx, incoming)
        if incoming.guardian:
            self._desks.guardianship.link(tx, incoming.device, application.application_id, incoming.guardian, incoming.envelope.request_id)
        # Who mends a returned application sends the code with it again.
        if referral_code and incoming.judgement.outcome is not Outcome.RETURNED:
            self._desks.referrals.attach(tx, incoming.device, application, referral_code, incoming.envelope.request_id)
        grant_id = ""
        if incoming.judgement.outcome is Outcome.APPROVED:
            self._desks.admission.admit(tx, incoming.device, application, incoming.envelope.request_id)
            grant_id = self._desks.grants.give(tx, application.application_id, incoming.device)
        if incoming.judgement.outcome is Outcome.IN_REVIEW:
            self._desks.notifications.send(tx, _received(incoming, application))
        receipt = self._desks.receipts.issue(tx, _receipt_facts(incoming, application), application.application_id)
        return {
            "application_id": application.application_id,
            "state": application.state,
            "grant_id": grant_id,
            "receipt": receipt.number,
        }

    def _answer(self, tx: Tx, answer: Answer) -> Submitted:
        application = application_by_id(tx, answer["application_id"])
        if application is None:
            raise refuse(Reason.SERVICE_FAULT)
        state = ApplicationState(answer["state"])
        member = member_by_application(tx, application.application_id) if state is ApplicationState.CARD_PENDING else None
        return Submitted(
            application_number=application.number,
            state=state,
            findings=told(application.findings),
            issue_grant=self._desks.grants.text(answer["grant_id"]),
            receipt=self._desks.receipts.again(tx, answer["receipt"]),
            membership_number=member.number if member else "",
        )


def told(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Returns the findings that the applicant may be told."""
    return tuple(finding for finding in findings if finding.reason not in _KEPT_BACK)


def _received(incoming: Incoming, application: ApplicationRow) -> Notification:
    return Notification(
        event_key=f"application_in_review:{application.application_id}",
        template="application_in_review",
        language=incoming.admissible.language,
        mobile=incoming.mobile.e164,
        email=incoming.checked.email or "",
        person_id=application.person_id,
        variables={"application_number": application.number},
    )


def _receipt_facts(incoming: Incoming, application: ApplicationRow) -> ReceiptFacts:
    returned = application.state is ApplicationState.RETURNED
    return ReceiptFacts(
        kind=ReceiptKind.RETURNED if returned else ReceiptKind.APPLICATION,
        device_id=incoming.device.device_id,
        application_number=application.number,
        notice_version=incoming.admissible.notice.version,
        consents=tuple(choice.purpose for choice in incoming.admissible.choices if choice.given),
    )
