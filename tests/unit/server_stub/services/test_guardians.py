"""Members under 14: who may be their guardian, what is refused and stored, who decides, what the guardian may do, and how it ends."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from server_stub.config import RewardSettings
from server_stub.domain.address import PostalAddress
from server_stub.domain.application_form import ApplicationForm, Channel, ConsentChoice
from server_stub.domain.application_states import ApplicationState
from server_stub.domain.birthday import AgeBand, ProofLevel
from server_stub.domain.decision_reasons import DecisionReason, Verdict
from server_stub.domain.guardianship import load_guardian_rules
from server_stub.domain.language import Language
from server_stub.domain.notices import load_notices
from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import Finding, Refusal
from server_stub.jobs.guardian_links import GuardianLinks
from server_stub.jobs.uncollected_cards import UncollectedCards
from server_stub.services.audit_chain.head_file import Head
from server_stub.services.audit_chain.verify import AuditVerifier, Wrong
from server_stub.services.contacts import ContactChange
from server_stub.services.enrollment.codes import CodeOrder, OwnershipCodes
from server_stub.services.enrollment.status import StatusQuestion
from server_stub.services.enrollment.submission import SubmitCommand, Submitted
from server_stub.services.guardians.desk import LinkedChild
from server_stub.services.receipts import Receipt
from server_stub.services.review.blocklist import BlockOrder
from server_stub.services.review.decisions import Decided, DecisionOrder
from server_stub.services.rewards.step_up import Spending, StepUp
from server_stub.services.telling import Telling
from server_stub.storage.codes import CodePurpose
from server_stub.storage.guardians import LinkState
from server_stub.storage.members import IdentifiedBy, MemberState, change_member, member_by_id
from server_stub.storage.reviews import BlockKind
from tests.support.central_service import ADMIN, DEVICE, LI, MOBILE, OTHER_DEVICE, WANG, Central, KeysOfTheTest

CHILD = "欧阳小雨"
NOTHING = ("application", "person", "consent", "decision", "guardian_link", "receipt", "review_task")
SEEN = DecisionReason.HOUSEHOLD_REGISTER_SEEN


def refused(reason: Reason):
    return pytest.raises(Refusal, match=f"^{reason.value}$")


class Family:
    """A member with an active card, who joins children."""

    def __init__(self, central: Central, **fields: Any) -> None:
        self.central, self.desk = central, central.core.guardians
        self.member_id = central.member_id(central.join(**fields).membership_number)
        central.activate(self.member_id)

    def proof(self, mobile: str = MOBILE, device=DEVICE) -> str:
        return self.central.proof(mobile, CodePurpose.GUARDIAN, device)

    def submit(self, form: ApplicationForm | None = None, request_id: str = "", **command: Any) -> Submitted:
        order = SubmitCommand(form or child_form(self.proof()), **command)
        return self.central.core.enrollment.submit(DEVICE, self.central.envelope(request_id), order)

    def decide(self, number: str, *people: Any, reason: DecisionReason = SEEN, verdict: Verdict = Verdict.APPROVE) -> Decided:
        for person in people:
            task = self.central.core.reviews.claim(person, number)
            order = DecisionOrder(number, verdict, reason, task.version)
            decided = self.central.core.reviews.decide(person, self.central.envelope(), order)
        return decided

    def admit(self, **fields: Any) -> str:
        """Returns the member id of a child that two people let in, with an active card."""
        number = self.submit(child_form(self.proof(), **fields)).application_number
        self.decide(number, LI, WANG)
        child = next(row for row in self.central.rows("guardian_link") if row["state"] == "ACTIVE")["child_member_id"]
        self.central.activate(child)
        return child

    def visit(self, by: IdentifiedBy = IdentifiedBy.PHONE, member_id: str = "", device=DEVICE) -> str:
        def work(tx):
            return self.central.core.visits.begin(tx, member_by_id(tx, member_id or self.member_id), device, by)

        return self.central.database.write(work)

    def children(self, visit: str = "") -> tuple[LinkedChild, ...]:
        return self.desk.children(DEVICE, visit or self.visit()).children

    def deeds(self) -> list[str]:
        return [row["action"] for row in self.central.rows("audit_event")]


def child_form(proof: str, **fields: Any) -> ApplicationForm:
    """A clean application of a child whose guardian agrees to membership only."""
    notice = load_notices().get(Language.ZH_HANS, AgeBand.UNDER_14)
    form = ApplicationForm(
        schema_version=1,
        channel=Channel.KIOSK,
        name=CHILD,
        mobile="",
        phone_proof=proof,
        age_band=AgeBand.UNDER_14,
        language=Language.ZH_HANS,
        notice_version=notice.version,
        notice_sha256=notice.text_sha256,
        consents=(ConsentChoice("membership", given=True),),
    )
    return replace(form, **fields)


@pytest.fixture
def family(central: Central) -> Family:
    return Family(central)


# --- who may be a guardian ---------------------------------------------------------------------------------------------


def test_a_number_that_is_no_members_gets_its_code_and_is_then_told(central: Central) -> None:
    proof = central.proof("13900139000", CodePurpose.GUARDIAN)
    with refused(Reason.GUARDIAN_NOT_MEMBER):
        central.core.guardians.identify(DEVICE, proof)


def test_a_member_who_never_fetched_the_card_is_no_guardian_yet(central: Central) -> None:
    central.join()
    with refused(Reason.GUARDIAN_NOT_MEMBER):
        central.core.guardians.identify(DEVICE, central.proof(MOBILE, CodePurpose.GUARDIAN))


@pytest.mark.parametrize("purpose", [CodePurpose.JOIN, CodePurpose.SIGN_IN, CodePurpose.STATUS])
def test_a_code_for_something_else_makes_no_guardian(family: Family, purpose: CodePurpose) -> None:
    with refused(Reason.PHONE_PROOF):
        family.desk.identify(DEVICE, family.central.proof(MOBILE, purpose))


def test_a_proof_of_another_device_makes_no_guardian(family: Family) -> None:
    with refused(Reason.PHONE_PROOF):
        family.desk.identify(DEVICE, family.proof(device=OTHER_DEVICE))


def test_five_wrong_codes_end_the_guardians_code(family: Family) -> None:
    family.central.clock.advance(seconds=61)
    challenge = family.central.send_code(MOBILE, CodePurpose.GUARDIAN)
    wrong = "000000" if family.central.sent_code() != "000000" else "111111"
    said = []
    for _ in range(5):
        with pytest.raises(Refusal) as refusal:
            family.central.core.enrollment.verify_code(DEVICE, challenge, wrong)
        said.append(refusal.value.reason)
    assert said == [Reason.CODE_WRONG] * 4 + [Reason.CODE_TRIES_EXHAUSTED]
    with refused(Reason.CODE_TRIES_EXHAUSTED):
        family.central.core.enrollment.verify_code(DEVICE, challenge, family.central.sent_code())


@pytest.mark.parametrize(
    ("fields", "grows_by_days"),
    [
        ({"age_band": AgeBand.FROM_14_TO_17}, 0),
        ({"age_band": AgeBand.FROM_14_TO_17, "birthday": "2008-11-25", "birthday_proof": ProofLevel.STATED}, 1),
    ],
)
def test_a_minor_is_no_guardian(central: Central, fields: dict[str, Any], grows_by_days: int) -> None:
    family = Family(central, **fields)
    with refused(Reason.GUARDIAN_MINOR):
        family.desk.identify(DEVICE, family.proof())
    with refused(Reason.GUARDIAN_MINOR):
        family.submit()
    if grows_by_days:
        central.clock.advance(days=grows_by_days + 1)
        assert family.desk.identify(DEVICE, family.proof()).name_masked == "欧阳**"


def test_a_guardian_on_the_list_of_earlier_abuse_is_refused(family: Family) -> None:
    central = family.central
    central.core.blocklist.add(ADMIN, BlockOrder(BlockKind.MOBILE, MOBILE, "resold points", central.clock.now() + timedelta(days=9)))
    with refused(Reason.GUARDIAN_BLOCKED):
        family.desk.identify(DEVICE, family.proof())


@pytest.mark.tampers
def test_a_suspended_member_is_no_guardian(family: Family) -> None:
    def suspend(tx):
        change_member(tx, member_by_id(tx, family.member_id), {"state": MemberState.SUSPENDED})

    family.central.database.write(suspend)
    with refused(Reason.GUARDIAN_BLOCKED):
        family.submit()


def test_a_guardian_has_so_many_children_and_no_more(family: Family) -> None:
    family.central.clock.advance(hours=1)
    most = load_guardian_rules().children
    numbers = []
    for which in range(most):
        numbers.append(family.submit(child_form(family.proof(), name="欧阳" + "甲乙丙丁戊"[which])).application_number)
        family.central.clock.advance(hours=3)
    with refused(Reason.GUARDIAN_LIMIT):
        family.submit()
    question = StatusQuestion(numbers[0], family.central.proof(MOBILE, CodePurpose.STATUS))
    family.central.core.enrollment.withdraw(DEVICE, family.central.envelope(), question)
    family.central.clock.advance(hours=3)
    assert family.submit().state is ApplicationState.IN_REVIEW


def test_only_devices_identify_guardians(family: Family) -> None:
    for call in (
        lambda: family.desk.identify(LI, "x"),
        lambda: family.desk.children(LI, "x"),
        lambda: family.desk.begin_visit(LI, "x", "y"),
        lambda: family.desk.withdraw_consent(LI, family.central.envelope(), "x", "y"),
    ):
        with refused(Reason.NOT_PERMITTED):
            call()


# --- the child's application -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"phone_proof": ""}, Reason.GUARDIAN_NEEDED),
        ({"phone_proof": "forged"}, Reason.PHONE_PROOF),
        ({"mobile": MOBILE}, Reason.GUARDIAN_SELF),
        ({"mobile": "13900139000"}, Reason.REQUEST_MALFORMED),
        ({"email": "a@example.com"}, Reason.REQUEST_MALFORMED),
        ({"id_number": "11010519491231002X"}, Reason.REQUEST_MALFORMED),
        ({"address": PostalAddress("330000", "330100", "330102", "湖滨路 1 号", "310000")}, Reason.REQUEST_MALFORMED),
        ({"consents": ()}, Reason.CONSENT_MISSING),
        (
            {"consents": (ConsentChoice("membership", given=True), ConsentChoice("marketing", given=True))},
            Reason.CONSENT_NOT_ALLOWED,
        ),
        ({"notice_sha256": load_notices().get(Language.ZH_HANS, AgeBand.ADULT).text_sha256}, Reason.NOTICE_TEXT),
        ({"name": "欧阳建国"}, Reason.GUARDIAN_SELF),
        ({"name": ""}, Reason.FIELD_REQUIRED),
        ({"name": "小3"}, Reason.NAME_DIGITS),
        ({"birthday": "2012-11-23"}, Reason.BIRTHDAY_AGE_BAND),
        ({"birthday": "2026-11-25"}, Reason.BIRTHDAY_IMPOSSIBLE),
        ({"birthday": "2020-02-30"}, Reason.BIRTHDAY_NOT_A_DATE),
    ],
)
def test_what_is_wrong_is_refused_and_nothing_of_the_child_is_kept(family: Family, change: dict[str, Any], reason: Reason) -> None:
    form = replace(child_form(family.proof()), **change)
    before = {table: family.central.count(table) for table in NOTHING}
    with refused(reason):
        family.submit(form)
    assert {table: family.central.count(table) for table in NOTHING} == before


def test_a_code_for_an_own_application_joins_no_child(family: Family) -> None:
    with refused(Reason.PHONE_PROOF):
        family.submit(child_form(family.central.proof()))


def test_a_child_brings_no_referral(family: Family) -> None:
    with refused(Reason.REQUEST_MALFORMED):
        family.submit(referral_code="R12345678")


def test_a_child_with_the_guardians_name_and_another_birthday_is_somebody_else(central: Central) -> None:
    family = Family(central, birthday="1985-03-07", birthday_proof=ProofLevel.STATED)
    assert family.submit(child_form(family.proof(), name="欧阳建国", birthday="2018-05-01")).state is ApplicationState.IN_REVIEW


def test_a_childs_application_waits_for_two_people_and_keeps_the_least(family: Family) -> None:
    answer = family.submit(child_form(family.proof(), birthday="2018-05-01", birthday_proof=ProofLevel.STATED))
    assert (answer.state, answer.issue_grant, answer.membership_number) == (ApplicationState.IN_REVIEW, "", "")
    assert answer.receipt.number
    assert family.central.rows("review_task")[-1]["needed_approvals"] == 2
    application = next(row for row in family.central.rows("application") if row["state"] == "IN_REVIEW")
    assert application["open_mobile_token"] is None
    person = next(row for row in family.central.rows("person") if row["person_id"] == application["person_id"])
    assert [person[column] for column in ("email", "address", "id_last4", "id_token", "mobile_token")] == [None] * 5
    opened = family.central.database.read(lambda tx: family.central.base.people.open(tx, person["person_id"]))
    assert (opened.name, opened.mobile, opened.birthday) == (CHILD, "+8613800138000", "2018-05-01")
    assert [payload.recipient for template, payload in family.central.messages() if template == "application_in_review"] == [
        "+8613800138000"
    ]


def test_the_consent_names_guardian_and_child_and_what_was_read(family: Family) -> None:
    family.submit()
    child = next(row["person_id"] for row in family.central.rows("application") if row["state"] == "IN_REVIEW")
    guardian = next(row["person_id"] for row in family.central.rows("member"))
    given = [row for row in family.central.rows("consent") if row["person_id"] == child]
    assert {(row["purpose"], row["given"]) for row in given} == {("membership", True), ("marketing", False)}
    notice = load_notices().get(Language.ZH_HANS, AgeBand.UNDER_14)
    for row in given:
        assert (row["guardian_person_id"], row["notice_version"], row["text_sha256"]) == (guardian, notice.version, notice.text_sha256)
        assert (row["language"], row["device_id"], row["recorded_at"]) == ("zh-Hans", "K03", family.central.clock.now())
    assert {row["guardian_person_id"] for row in family.central.rows("consent") if row["person_id"] == guardian} == {None}


def test_the_same_request_twice_is_one_application(family: Family) -> None:
    request_id, form = family.central.request_id(), child_form(family.proof())
    first, second = family.submit(form, request_id), family.submit(form, request_id)
    assert first == second
    assert family.central.count("guardian_link") == 1


def test_two_children_of_one_number_can_wait_at_once(family: Family) -> None:
    family.submit()
    assert family.submit(child_form(family.proof(), name="欧阳小雪")).state is ApplicationState.IN_REVIEW


# --- review ------------------------------------------------------------------------------------------------------------


def test_staff_see_the_guardian_masked_and_say_which_paper_they_saw(family: Family) -> None:
    number = family.submit().application_number
    shown = family.central.core.reviews.show(LI, number)
    assert (shown.age_band, shown.summary.reasons, shown.summary.needed_approvals) == ("UNDER_14", ("GUARDIAN_NEEDED",), 2)
    assert shown.guardian is not None
    assert (shown.guardian.name_masked, shown.guardian.mobile_masked) == ("欧阳**", "138****8000")
    assert (shown.guardian.age_band, shown.guardian.children, shown.guardian.is_in_good_standing) == ("ADULT", 1, True)
    assert MOBILE not in repr(shown)


@pytest.mark.parametrize("reason", [DecisionReason.APPLICANT_ASKED, DecisionReason.DOCUMENT_SEEN, DecisionReason.ABUSE_CLEARED])
def test_no_approval_without_a_paper_that_shows_the_guardian(family: Family, reason: DecisionReason) -> None:
    number = family.submit().application_number
    with refused(Reason.DECISION_REASON):
        family.decide(number, LI, reason=reason)


def test_one_person_is_not_enough_and_the_same_one_cannot_be_both(family: Family) -> None:
    number = family.submit().application_number
    assert (family.decide(number, LI).state, family.central.count("member")) == (ApplicationState.IN_REVIEW, 1)
    with refused(Reason.SECOND_PERSON):
        family.decide(number, LI)


def test_the_guardian_does_not_decide_on_the_own_child(family: Family) -> None:
    number = family.submit().application_number
    guardian = replace(LI, own_mobile_token=family.central.base.tokens.mobile("+8613800138000"))
    with refused(Reason.OWN_APPLICATION):
        family.central.core.reviews.show(guardian, number)


def test_a_guardian_who_was_blocked_in_between_lets_nobody_in(family: Family) -> None:
    central, number = family.central, family.submit().application_number
    family.decide(number, LI)
    central.core.blocklist.add(ADMIN, BlockOrder(BlockKind.MOBILE, MOBILE, "resold points", central.clock.now() + timedelta(days=9)))
    with refused(Reason.GUARDIAN_BLOCKED):
        family.decide(number, WANG)
    assert central.rows("guardian_link")[0]["state"] == "PENDING"


def test_the_fifth_child_is_let_in_although_the_limit_is_reached(family: Family) -> None:
    for which in "甲乙丙丁戊":
        number = family.submit(child_form(family.proof(), name=f"欧阳{which}")).application_number
        family.central.clock.advance(hours=3)
    assert family.decide(number, LI, WANG).state is ApplicationState.CARD_PENDING


def test_two_people_make_the_child_a_member_without_a_number_of_its_own(family: Family) -> None:
    number = family.submit().application_number
    assert family.decide(number, LI, WANG).state is ApplicationState.CARD_PENDING
    link = family.central.rows("guardian_link")[0]
    child = next(row for row in family.central.rows("member") if row["member_id"] == link["child_member_id"])
    assert (link["state"], link["guardian_member_id"], child["mobile_token"]) == ("ACTIVE", family.member_id, None)
    assert "guardian.linked" in family.deeds()
    decisions = [row["reason_code"] for row in family.central.rows("decision")]
    assert decisions.count("HOUSEHOLD_REGISTER_SEEN") == 2
    assert [p.recipient for t, p in family.central.messages() if t == "application_approved"] == ["+8613800138000"]


# --- collecting, acting for the child ----------------------------------------------------------------------------------


def test_the_guardian_asks_after_the_application_and_collects_the_card(family: Family) -> None:
    number = family.submit().application_number
    for asked in (number, ""):
        status = family.central.core.enrollment.status(DEVICE, StatusQuestion(asked, family.central.proof(MOBILE, CodePurpose.STATUS)))
        assert (status.application_number, status.state, status.issue_grant) == (number, ApplicationState.IN_REVIEW, "")
    family.decide(number, LI, WANG)
    status = family.central.core.enrollment.status(DEVICE, StatusQuestion(number, family.central.proof(MOBILE, CodePurpose.STATUS)))
    assert (status.state, status.name_masked) == (ApplicationState.CARD_PENDING, "欧阳**")
    assert status.issue_grant


def test_another_member_learns_nothing_of_the_childs_application(family: Family) -> None:
    number = family.submit().application_number
    Family(family.central, mobile="13900139000", name="王芳")
    with refused(Reason.APPLICATION_UNKNOWN):
        family.central.core.enrollment.status(DEVICE, StatusQuestion(number, family.central.proof("13900139000", CodePurpose.STATUS)))


def test_the_phone_signs_the_guardian_in_and_not_the_child(family: Family) -> None:
    family.admit()
    visit = family.central.core.members.identify(DEVICE, family.central.proof(MOBILE, CodePurpose.SIGN_IN)).visit_token
    assert [child.state for child in family.children(visit)] == [LinkState.ACTIVE]


def test_the_guardian_sees_children_masked_and_opens_a_childs_pages(family: Family) -> None:
    child = family.admit()
    (linked,) = family.children()
    assert (linked.name_masked, linked.application_state) == ("欧阳**", ApplicationState.ACTIVE)
    opened = family.desk.begin_visit(DEVICE, family.visit(), linked.link_id)
    running = family.central.database.read(lambda tx: family.central.core.visits.holder(tx, opened.visit_token, DEVICE))
    assert running.member.member_id == child
    assert "guardian.opened_child" in family.deeds()


@pytest.mark.parametrize("by", [IdentifiedBy.CARD, IdentifiedBy.CODE, IdentifiedBy.RECEIPT])
def test_a_card_alone_opens_no_childs_pages_and_ends_no_membership(family: Family, by: IdentifiedBy) -> None:
    family.admit()
    (linked,) = family.children()
    assert not family.desk.children(DEVICE, family.visit(by)).may_act
    with refused(Reason.HOLDER_PROOF):
        family.desk.begin_visit(DEVICE, family.visit(by), linked.link_id)
    with refused(Reason.HOLDER_PROOF):
        family.desk.withdraw_consent(DEVICE, family.central.envelope(), family.visit(by), linked.link_id)


def test_another_guardians_child_does_not_exist(family: Family) -> None:
    family.admit()
    (linked,) = family.children()
    other = Family(family.central, mobile="13900139000", name="王芳")
    for link_id in (linked.link_id, "gua_x", ""):
        with refused(Reason.GUARDIAN_LINK_UNKNOWN):
            other.desk.begin_visit(DEVICE, other.visit(), link_id)
        with refused(Reason.GUARDIAN_LINK_UNKNOWN):
            other.desk.withdraw_consent(DEVICE, family.central.envelope(), other.visit(), link_id)


def test_a_child_in_review_has_no_pages_yet(family: Family) -> None:
    family.submit()
    (linked,) = family.children()
    assert linked.state is LinkState.PENDING
    with refused(Reason.GUARDIAN_LINK_UNKNOWN):
        family.desk.begin_visit(DEVICE, family.visit(), linked.link_id)


def test_the_code_for_what_the_childs_card_may_not_spend_alone_goes_to_the_guardian(family: Family) -> None:
    child = family.admit()
    visit = family.visit(IdentifiedBy.CARD, child)
    family.central.clock.advance(seconds=61)
    order = CodeOrder("", CodePurpose.REDEEM, Language.ZH_HANS, visit)
    sent = family.central.core.enrollment.send_code(DEVICE, family.central.envelope(), order)
    assert sent.mobile_masked == "138****8000"
    proof = family.central.core.enrollment.verify_code(DEVICE, sent.challenge_id, family.central.sent_code())

    step_up = StepUp(OwnershipCodes(family.central.base, family.central.core.notifications, family.central.core.visits), RewardSettings())

    def require(said: str):
        def work(tx):
            step_up.require(tx, Spending(family.central.core.visits.running(tx, visit, DEVICE), DEVICE, 1_000_000, said))

        family.central.database.read(work)

    require(proof)
    Family(family.central, mobile="13900139000", name="王芳")
    with refused(Reason.STEP_UP_NEEDED):
        require("")


def test_a_childs_contact_changes_with_the_guardians_and_not_alone(family: Family) -> None:
    central, child = family.central, family.admit()
    (linked,) = family.children()
    guardian = central.core.members.identify(DEVICE, central.proof(MOBILE, CodePurpose.SIGN_IN)).visit_token
    opened = family.desk.begin_visit(DEVICE, guardian, linked.link_id).visit_token
    with refused(Reason.GUARDIAN_CONTACT):
        central.core.contacts.change(DEVICE, central.envelope(), ContactChange(opened, 1, email="a@example.com"))
    central.clock.advance(seconds=61)
    order = CodeOrder("13900139000", CodePurpose.CHANGE_CONTACT, Language.EN, guardian)
    challenge = central.core.enrollment.send_code(DEVICE, central.envelope(), order).challenge_id
    proof = central.core.enrollment.verify_code(DEVICE, challenge, central.sent_code("13900139000"))
    version = central.core.contacts.contact(DEVICE, guardian).version
    central.core.contacts.change(DEVICE, central.envelope(), ContactChange(guardian, version, "13900139000", proof))

    def contact(tx):
        return central.base.people.open(tx, member_by_id(tx, child).person_id).mobile

    assert central.database.read(contact) == "+8613900139000"
    with refused(Reason.VISIT_OVER):
        central.database.read(lambda tx: central.core.visits.running(tx, opened, DEVICE))


# --- the end -----------------------------------------------------------------------------------------------------------


def test_a_consent_that_is_taken_back_ends_everything_of_the_child_at_once(family: Family) -> None:
    central, child = family.central, family.admit(birthday="2018-05-01")
    (linked,) = family.children()
    by_card, request_id, visit = family.visit(IdentifiedBy.CARD, child), central.request_id(), family.visit()
    first, again = (family.desk.withdraw_consent(DEVICE, central.envelope(request_id), visit, linked.link_id) for _ in range(2))
    member = next(row for row in central.rows("member") if row["member_id"] == child)
    person = next(row for row in central.rows("person") if row["person_id"] == member["person_id"])
    assert (member["state"], central.rows("guardian_link")[0]["state"]) == ("CLOSED", "WITHDRAWN")
    kept = ("wrapped_key", "name", "mobile", "birthday", "mobile_token")
    assert [person[column] for column in kept] == [None] * len(kept)
    assert [row for row in central.rows("person_match_key") if row["person_id"] == member["person_id"]] == []
    with refused(Reason.VISIT_OVER):
        central.database.read(lambda tx: central.core.visits.running(tx, by_card, DEVICE))
    assert family.children() == ()
    assert [p.recipient for t, p in central.messages() if t == "guardian_withdrawn"] == ["+8613800138000"]
    assert family.deeds().count("guardian.consent_withdrawn") == 1
    assert {"member.closed", "person.erased"} <= set(family.deeds())
    (proof,) = (row for row in central.rows("receipt") if row["kind"] == "CONSENT_WITHDRAWN")
    guardian = next(row for row in central.rows("member") if row["member_id"] == central.rows("guardian_link")[0]["guardian_member_id"])
    assert proof["application_id"] == guardian["application_id"], "the paper is the guardian's, who goes on by it"
    assert first == again == Receipt(proof["number"], proof["code"])


def test_the_guardians_own_membership_stays(family: Family) -> None:
    family.admit()
    (linked,) = family.children()
    family.desk.withdraw_consent(DEVICE, family.central.envelope(), family.visit(), linked.link_id)
    with refused(Reason.GUARDIAN_LINK_UNKNOWN):
        family.desk.begin_visit(DEVICE, family.visit(), linked.link_id)
    assert family.central.core.members.get_member(DEVICE, family.visit()).name_masked == "欧阳**"


def test_the_link_ends_on_the_day_on_which_the_child_turns_14_and_not_before(family: Family) -> None:
    child = family.admit(birthday="2012-12-01", birthday_proof=ProofLevel.STATED)
    job, (linked,) = GuardianLinks(family.central.base, Telling(family.central.base, family.central.core.notifications)), family.children()
    assert job.run() == 0
    # The day of the stores: 1 December begins at 16:00 UTC of 30 November.
    family.central.clock.moment = datetime(2026, 11, 30, 15, 59, tzinfo=UTC)
    assert job.run() == 0
    family.central.clock.moment = datetime(2026, 11, 30, 16, 1, tzinfo=UTC)
    assert (job.run(), job.run()) == (1, 0)
    assert (family.central.rows("guardian_link")[0]["state"], family.children()) == ("CAME_OF_AGE", ())
    with refused(Reason.GUARDIAN_LINK_UNKNOWN):
        family.desk.begin_visit(DEVICE, family.visit(), linked.link_id)
    assert [p.recipient for t, p in family.central.messages() if t == "guardian_ended"] == ["+8613800138000"]
    member = next(row for row in family.central.rows("member") if row["member_id"] == child)
    assert (member["state"], family.deeds().count("guardian.link_ended")) == ("ACTIVE", 1)


def test_without_a_birthday_nobody_comes_of_age_by_itself(family: Family) -> None:
    family.admit()
    family.central.clock.advance(days=15 * 366)
    assert GuardianLinks(family.central.base, Telling(family.central.base, family.central.core.notifications)).run() == 0
    with refused(Reason.NOT_PERMITTED):
        GuardianLinks(family.central.base, Telling(family.central.base, family.central.core.notifications)).run(LI)


def test_a_card_that_nobody_fetches_ends_the_link_too(family: Family) -> None:
    family.decide(family.submit().application_number, LI, WANG)
    job = UncollectedCards(family.central.base, family.central.core.notifications)
    for _ in range(2):
        family.central.clock.advance(days=80)
        job.run()
    assert (family.central.rows("guardian_link")[0]["state"], family.children()) == ("LAPSED", ())


def wrong_links(family: Family) -> list[Wrong]:
    """Returns what the check of the trail says of the links of guardians."""

    class NoHeads:
        def heads(self) -> tuple[Head, ...]:
            return ()

    findings = AuditVerifier(family.central.database, KeysOfTheTest(), NoHeads()).verify().findings
    return [one.wrong for one in findings if one.row.startswith("guardian_link/")]


@pytest.mark.tampers
@pytest.mark.parametrize("end", ["asked", "linked", "withdrawn", "came of age", "lapsed"])
def test_the_trail_covers_a_link_from_its_first_moment_to_its_last(family: Family, end: str) -> None:
    central = family.central
    if end in {"asked", "lapsed"}:
        number = family.submit().application_number
    else:
        family.admit(birthday="2012-12-01", birthday_proof=ProofLevel.STATED)
    if end == "withdrawn":
        family.desk.withdraw_consent(DEVICE, central.envelope(), family.visit(), family.children()[0].link_id)
    elif end == "came of age":
        central.clock.advance(days=366)
        GuardianLinks(central.base, Telling(central.base, central.core.notifications)).run()
    elif end == "lapsed":
        family.decide(number, LI, WANG)
        for _ in range(2):
            central.clock.advance(days=80)
            UncollectedCards(central.base, central.core.notifications).run()
    assert wrong_links(family) == []
    central.database.write(lambda tx: tx.connection.execute(text("UPDATE guardian_link SET asked_at = '2020-01-01T00:00:00.000000Z'")))
    assert wrong_links(family) == [Wrong.ROW_CHANGED]


def test_a_childs_returned_application_is_replaced_where_it_is_named_and_another_childs_is_left(central: Central) -> None:
    family = Family(central)
    returned = family.submit().application_number
    task = central.core.reviews.claim(LI, returned)
    mend = (Finding("name", Reason.FIELD_TOO_SHORT),)
    order = DecisionOrder(returned, Verdict.RETURN, DecisionReason.DETAILS_WRONG, task.version, mend)
    central.core.reviews.decide(LI, central.envelope(), order)
    other = family.submit(child_form(family.proof(), name="欧阳小雪")).application_number
    again = family.submit(replaces_application=returned).application_number
    states = {row["number"]: row["state"] for row in central.rows("application")}
    assert [states[number] for number in (returned, other, again)] == ["WITHDRAWN", "IN_REVIEW", "IN_REVIEW"]
    assert central.core.reviews.show(WANG, other).replaced == ()
    assert [before.application_number for before in central.core.reviews.show(WANG, again).replaced] == [returned]
