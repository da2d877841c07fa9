"""Review by people: claims, leases, reasons, versions, two people, one's own application."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from server_stub.domain.actors import Role, StaffActor, SystemActor
from server_stub.domain.application_states import ApplicationState
from server_stub.domain.decision_reasons import REASONS_OF, DecisionReason, Verdict, settles
from server_stub.domain.id_number import check_character
from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import Finding, Refusal, Refused
from server_stub.services.review.blocklist import BlockOrder
from server_stub.services.review.decisions import Decided, DecisionOrder
from server_stub.storage.members import change_member, member_by_id
from server_stub.storage.reviews import BlockKind
from tests.support.central_service import ADMIN, DEVICE, LI, WANG, Central, consenting
from tests.unit.server_stub.services.test_guardians import Family

UNKNOWN_REGION = "12345619850307001" + check_character("12345619850307001")
TO_MEND = (Finding("name", Reason.FIELD_TOO_SHORT),)


def one_person_case(central: Central, mobile: str = "13800138000") -> str:
    return central.join(mobile=mobile, id_number=UNKNOWN_REGION, consents=consenting("id_number")).application_number


def two_person_case(central: Central) -> str:
    central.core.blocklist.add(ADMIN, BlockOrder(BlockKind.MOBILE, "13800138000", "resold points", central.clock.now() + timedelta(days=9)))
    return central.join().application_number


def order(central: Central, staff: StaffActor, number: str, verdict: Verdict = Verdict.APPROVE) -> DecisionOrder:
    """Claims and returns an order with a fitting reason."""
    task = central.core.reviews.claim(staff, number)
    why = [Reason(name) for name in task.reasons]
    reason = next(one for one in sorted(REASONS_OF[verdict]) if verdict is not Verdict.APPROVE or settles(one, why))
    findings = TO_MEND if verdict is Verdict.RETURN else ()
    return DecisionOrder(number, verdict, reason, task.version, findings)


def decide(central: Central, staff: StaffActor, wanted: DecisionOrder) -> Decided:
    return central.core.reviews.decide(staff, central.envelope(), wanted)


def refusal_of(central: Central, staff: StaffActor, wanted: DecisionOrder) -> Reason:
    with pytest.raises(Refusal) as refused:
        decide(central, staff, wanted)
    return refused.value.reason


@pytest.mark.parametrize("actor", [DEVICE, ADMIN, SystemActor(), StaffActor("nobody", frozenset())])
def test_only_reviewers_review(central: Central, actor: object) -> None:
    number = one_person_case(central)
    calls = (
        lambda: central.core.reviews.list(actor),
        lambda: central.core.reviews.show(actor, number),
        lambda: central.core.reviews.claim(actor, number),
        lambda: central.core.reviews.decide(
            actor, central.envelope(), DecisionOrder(number, Verdict.APPROVE, DecisionReason.DOCUMENT_SEEN, 1)
        ),
    )
    for call in calls:
        with pytest.raises(Refusal) as refused:
            call()
        assert refused.value.reason is Reason.NOT_PERMITTED


def test_only_administrators_keep_the_blocklist(central: Central) -> None:
    with pytest.raises(Refusal) as refused:
        central.core.blocklist.add(LI, BlockOrder(BlockKind.MOBILE, "13800138000", "x", central.clock.now() + timedelta(days=1)))
    assert refused.value.reason is Reason.NOT_PERMITTED


@pytest.mark.parametrize(
    ("reason", "days", "value", "refusal"),
    [
        (" ", 1, "13800138000", Reason.FIELD_REQUIRED),
        ("abuse", None, "13800138000", Reason.FIELD_REQUIRED),
        ("abuse", 0, "13800138000", Reason.REQUEST_MALFORMED),
        ("abuse", -1, "13800138000", Reason.REQUEST_MALFORMED),
        ("abuse", 4000, "13800138000", Reason.REQUEST_MALFORMED),
        ("abuse", 1, "02012345678", Reason.PHONE_NOT_MOBILE),
    ],
)
def test_a_line_without_reason_or_end_is_refused(central: Central, reason: str, days: int | None, value: str, refusal: Reason) -> None:
    expires_at = None if days is None else central.clock.now() + timedelta(days=days)
    with pytest.raises(Refusal) as refused:
        central.core.blocklist.add(ADMIN, BlockOrder(BlockKind.MOBILE, value, reason, expires_at))
    assert refused.value.reason is refusal
    assert central.count("blocklist_entry") == 0


def test_a_line_is_listed_without_whom_it_is_about_and_can_be_lifted_for_a_reason(central: Central) -> None:
    end = central.clock.now() + timedelta(days=9)
    entry_id = central.core.blocklist.add(ADMIN, BlockOrder(BlockKind.MOBILE, "13800138000", "resold points", end))
    assert [(view.entry_id, view.reason, view.expires_at) for view in central.core.blocklist.list(ADMIN)] == [
        (entry_id, "resold points", end)
    ]
    for wrong, reason, refusal in ((entry_id, " ", Reason.FIELD_REQUIRED), ("blk_x", "contested", Reason.REQUEST_MALFORMED)):
        with pytest.raises(Refusal) as refused:
            central.core.blocklist.lift(ADMIN, wrong, reason)
        assert refused.value.reason is refusal
    central.core.blocklist.lift(ADMIN, entry_id, "contested")
    assert central.core.blocklist.list(ADMIN) == ()
    assert central.join().state is ApplicationState.CARD_PENDING
    assert central.rows("audit_event")[1]["detail"] == {"reason": "contested"}


def test_an_unclaimed_task_cannot_be_decided(central: Central) -> None:
    number = one_person_case(central)
    wanted = order(central, LI, number)
    assert refusal_of(central, WANG, wanted) is Reason.TASK_NOT_CLAIMED
    central.core.reviews.release(LI, number)
    assert refusal_of(central, LI, wanted) is Reason.TASK_NOT_CLAIMED


def test_only_who_holds_a_task_gives_it_back(central: Central) -> None:
    number = one_person_case(central)
    central.core.reviews.claim(LI, number)
    with pytest.raises(Refusal) as refused:
        central.core.reviews.release(WANG, number)
    assert refused.value.reason is Reason.TASK_NOT_CLAIMED
    assert central.core.reviews.state(WANG, number).claimed_by == "li"


def test_who_took_a_task_and_gave_it_back_is_in_the_trail(central: Central) -> None:
    number = one_person_case(central)
    central.core.reviews.claim(LI, number)
    central.core.reviews.release(LI, number)
    central.core.reviews.claim(WANG, number)
    told = [(e["actor"], e["action"], e["detail"]) for e in central.rows("audit_event") if e["action"].startswith("review.")]
    about = {"application": number}
    assert told == [
        ("staff:li", "review.claimed", about),
        ("staff:li", "review.released", about),
        ("staff:wang", "review.claimed", about),
    ]


def test_a_lease_ends_after_half_an_hour_and_another_may_take_over(central: Central) -> None:
    number = one_person_case(central)
    wanted = order(central, LI, number)
    with pytest.raises(Refusal) as refused:
        central.core.reviews.claim(WANG, number)
    assert refused.value.reason is Reason.TASK_CLAIMED
    central.clock.advance(minutes=30)
    assert refusal_of(central, LI, wanted) is Reason.TASK_NOT_CLAIMED
    assert central.core.reviews.claim(WANG, number).claimed_by == "wang"


@pytest.mark.parametrize(
    ("verdict", "reason", "findings"),
    [
        (Verdict.APPROVE, None, ()),
        (Verdict.APPROVE, DecisionReason.DETAILS_WRONG, ()),
        (Verdict.REJECT, DecisionReason.DOCUMENT_SEEN, ()),
        (Verdict.RETURN, DecisionReason.DETAILS_WRONG, ()),
        (Verdict.APPROVE, DecisionReason.DOCUMENT_SEEN, TO_MEND),
        (Verdict.REVIEW, DecisionReason.DOCUMENT_SEEN, ()),
    ],
)
def test_a_decision_needs_a_reason_that_belongs_to_it(
    central: Central, verdict: Verdict, reason: DecisionReason | None, findings: tuple[Finding, ...]
) -> None:
    wanted = replace(order(central, LI, one_person_case(central)), verdict=verdict, reason=reason, findings=findings)
    assert refusal_of(central, LI, wanted) is Reason.DECISION_REASON


@pytest.mark.parametrize(
    "finding",
    [
        Finding("nosuchfield", Reason.NAME_DIGITS),
        Finding("name", Reason.CARD_BLOCKED),
        Finding("email", Reason.NAME_DIGITS),
        Finding("mobile", Reason.PHONE_REGION),
    ],
)
def test_what_is_to_be_mended_is_a_field_of_the_form_and_can_be_wrong_in_that_way(central: Central, finding: Finding) -> None:
    wanted = replace(order(central, LI, one_person_case(central), Verdict.RETURN), findings=(*TO_MEND, finding))
    with pytest.raises(Refusal) as refused:
        central.core.reviews.decide(LI, central.envelope(), wanted)
    assert refused.value.refused == Refused(Reason.DECISION_REASON, (finding,))
    assert central.rows("application")[0]["state"] == ApplicationState.IN_REVIEW


def test_a_guardian_is_not_asked_to_mend_what_the_form_of_a_child_does_not_have(central: Central) -> None:
    never = Finding("email", Reason.EMAIL_FORM)
    number = Family(central).submit().application_number
    wanted = replace(order(central, LI, number, Verdict.RETURN), findings=(*TO_MEND, never))
    with pytest.raises(Refusal) as refused:
        central.core.reviews.decide(LI, central.envelope(), wanted)
    assert refused.value.refused == Refused(Reason.DECISION_REASON, (never,))
    assert {row["number"]: row["state"] for row in central.rows("application")}[number] == ApplicationState.IN_REVIEW


def test_an_approval_says_something_about_why_a_person_looks(central: Central) -> None:
    wanted = replace(order(central, LI, one_person_case(central)), reason=DecisionReason.ABUSE_CLEARED)
    assert refusal_of(central, LI, wanted) is Reason.DECISION_REASON


def test_the_first_of_two_approvals_says_something_about_why_people_look_too(central: Central) -> None:
    wanted = replace(order(central, LI, two_person_case(central)), reason=DecisionReason.REGION_CONFIRMED)
    assert refusal_of(central, LI, wanted) is Reason.DECISION_REASON
    assert [row["verdict"] for row in central.rows("decision")] == [Verdict.REVIEW]


@pytest.mark.parametrize("reasons", [("DOCUMENT_SEEN", "DOCUMENT_SEEN"), ("ABUSE_CLEARED", "ABUSE_CLEARED")])
def test_two_approvals_together_answer_every_reason_why_people_look(central: Central, reasons: tuple[str, str]) -> None:
    central.core.blocklist.add(ADMIN, BlockOrder(BlockKind.MOBILE, "13800138000", "resold", central.clock.now() + timedelta(days=9)))
    same = {"birthday": "1988-05-06"}
    central.join(mobile="13900139000", **same)
    number = central.join(**same).application_number
    first, second = (DecisionReason(reason) for reason in reasons)
    assert decide(central, LI, replace(order(central, LI, number), reason=first)).missing_approvals == 1
    assert refusal_of(central, WANG, replace(order(central, WANG, number), reason=second)) is Reason.DECISION_REASON
    other = DecisionReason.ABUSE_CLEARED if first is DecisionReason.DOCUMENT_SEEN else DecisionReason.DOCUMENT_SEEN
    assert decide(central, WANG, replace(order(central, WANG, number), reason=other)).state is ApplicationState.CARD_PENDING


def test_a_stale_version_is_refused(central: Central) -> None:
    number = one_person_case(central)
    wanted = order(central, LI, number)
    central.core.reviews.claim(LI, number)
    assert refusal_of(central, LI, wanted) is Reason.STALE_VERSION


def test_nobody_decides_on_the_own_application(central: Central) -> None:
    number = one_person_case(central)
    applicant = StaffActor("ou", frozenset({Role.REVIEWER}), central.base.tokens.mobile("+8613800138000"))
    for call in (central.core.reviews.claim, central.core.reviews.show):
        with pytest.raises(Refusal) as refused:
            call(applicant, number)
        assert refused.value.reason is Reason.OWN_APPLICATION


def test_an_own_application_that_was_claimed_unseen_is_not_decided(central: Central) -> None:
    number = one_person_case(central)
    wanted = order(central, StaffActor("ou", frozenset({Role.REVIEWER})), number)
    applicant = StaffActor("ou", frozenset({Role.REVIEWER}), central.base.tokens.mobile("+8613800138000"))
    assert refusal_of(central, applicant, wanted) is Reason.OWN_APPLICATION
    assert central.count("decision") == 1


@pytest.mark.tampers
def test_a_phone_that_became_another_members_in_the_meantime_is_not_admitted_twice(central: Central) -> None:
    number = one_person_case(central)
    member_id = central.member_id(central.join(mobile="13900139000", name="李四").membership_number)
    token = central.base.tokens.mobile("+8613800138000")
    central.database.write(lambda tx: change_member(tx, member_by_id(tx, member_id), {"mobile_token": token}))
    wanted = order(central, LI, number)
    assert refusal_of(central, LI, wanted) is Reason.MEMBER_EXISTS
    assert (central.count("member"), central.count("decision")) == (1, 2)


def test_the_second_approval_must_come_from_another_person(central: Central) -> None:
    number = two_person_case(central)
    assert decide(central, LI, order(central, LI, number)) == Decided(number, ApplicationState.IN_REVIEW, 1)
    assert central.count("member") == 0
    with pytest.raises(Refusal) as refused:
        order(central, LI, number)
    assert refused.value.reason is Reason.SECOND_PERSON
    assert decide(central, WANG, order(central, WANG, number)) == Decided(number, ApplicationState.CARD_PENDING, 0)
    assert central.count("member") == 1


def test_nothing_can_be_decided_on_a_final_state(central: Central) -> None:
    number = one_person_case(central)
    wanted = order(central, LI, number)
    decide(central, LI, wanted)
    assert refusal_of(central, LI, wanted) is Reason.APPLICATION_STATE
    with pytest.raises(Refusal) as refused:
        central.core.reviews.claim(LI, number)
    assert refused.value.reason is Reason.APPLICATION_STATE


@pytest.mark.parametrize("number", ["", "A000000000000", "x"])
def test_an_unknown_number_is_said_to_be_unknown(central: Central, number: str) -> None:
    with pytest.raises(Refusal) as refused:
        central.core.reviews.claim(LI, number)
    assert refused.value.reason is Reason.APPLICATION_UNKNOWN


@pytest.mark.parametrize(
    ("verdict", "state", "template"),
    [
        (Verdict.APPROVE, "CARD_PENDING", "application_approved"),
        (Verdict.REJECT, "REJECTED", "application_rejected"),
        (Verdict.RETURN, "RETURNED", "application_returned"),
        (Verdict.HOLD, "HELD", None),
    ],
)
def test_what_follows_from_each_verdict(central: Central, verdict: Verdict, state: str, template: str | None) -> None:
    number = one_person_case(central)
    decide(central, LI, order(central, LI, number, verdict))
    application = central.rows("application")[0]
    assert application["state"] == state
    assert (application["open_mobile_token"] is None) == (verdict is not Verdict.HOLD)
    assert central.count("member") == (verdict is Verdict.APPROVE)
    told = {name for name, _ in central.messages()} - {"one_time_code", "application_in_review"}
    assert told == ({template} if template else set())
    last = central.rows("decision")[-1]
    assert (last["verdict"], last["author"], last["application_version"]) == (verdict, "staff:li", 1)


def test_a_held_application_can_still_be_approved_and_not_held_again(central: Central) -> None:
    number = one_person_case(central)
    decide(central, LI, order(central, LI, number, Verdict.HOLD))
    assert refusal_of(central, WANG, order(central, WANG, number, Verdict.HOLD)) is Reason.APPLICATION_STATE
    assert decide(central, WANG, order(central, WANG, number)).state is ApplicationState.CARD_PENDING


def test_a_repeated_decision_gives_the_first_answer(central: Central) -> None:
    number = one_person_case(central)
    wanted, envelope = order(central, LI, number), central.envelope()
    first = central.core.reviews.decide(LI, envelope, wanted)
    assert central.core.reviews.decide(LI, envelope, wanted) == first
    assert [row["verdict"] for row in central.rows("decision")] == ["REVIEW", "APPROVE"]


def test_the_queue_is_oldest_first_masked_and_shows_what_is_late(central: Central) -> None:
    numbers = [one_person_case(central)]
    central.clock.advance(hours=20)
    numbers.append(one_person_case(central, "13900139000"))
    central.clock.advance(hours=5)
    queue = central.core.reviews.list(LI)
    assert [task.application_number for task in queue] == numbers
    assert [task.is_overdue for task in queue] == [True, False]
    assert (queue[0].name_masked, queue[0].mobile_masked, queue[0].reasons) == ("欧阳**", "138****8000", ("ID_REGION_UNKNOWN",))


def test_a_look_at_an_application_is_recorded(central: Central) -> None:
    number = one_person_case(central)
    shown = central.core.reviews.show(LI, number)
    assert (shown.name, shown.id_last4, shown.summary.mobile_masked) == ("欧阳建国", UNKNOWN_REGION[-4:], "138****8000")
    assert [row["actor"] for row in central.rows("audit_event") if row["action"] == "review.shown"] == ["staff:li"]


def test_the_next_reviewer_sees_what_was_returned_before_and_why(central: Central) -> None:
    first = one_person_case(central)
    assert central.core.reviews.show(LI, first).replaced == ()
    wanted = order(central, LI, first, Verdict.RETURN)
    decide(central, LI, wanted)
    second = one_person_case(central)
    decide(central, LI, order(central, LI, second, Verdict.RETURN))
    shown = central.core.reviews.show(WANG, one_person_case(central))
    assert [before.application_number for before in shown.replaced] == [second, first]
    judged = [(one.verdict, one.reason_code, one.author) for one in shown.replaced[1].decisions]
    assert judged == [("REVIEW", "PRELIMINARY_CHECK", "system:preliminary"), ("RETURN", wanted.reason, "staff:li")]


@pytest.mark.parametrize("limit", [1, 2**63 - 1])
def test_the_longest_list_that_can_be_asked_for_is_answered(central: Central, limit: int) -> None:
    one_person_case(central)
    assert len(central.core.reviews.list(LI, limit)) == 1


def test_a_reviewer_sees_why_and_who_is_similar(central: Central) -> None:
    central.join(birthday="1985-03-07")
    number = central.join(mobile="13900139000", birthday="1985-03-07").application_number
    shown = central.core.reviews.show(LI, number)
    (similar,) = shown.similar
    assert (similar.name_masked, similar.mobile_masked, similar.same_birthday, similar.score) == ("欧阳**", "138****8000", True, 100)
    blocked = central.core.reviews.show(LI, _blocked(central))
    assert blocked.block_reasons == ("resold points",)


def _blocked(central: Central) -> str:
    end = central.clock.now() + timedelta(days=9)
    central.core.blocklist.add(ADMIN, BlockOrder(BlockKind.MOBILE, "13900139001", "resold points", end))
    return central.join(mobile="13900139001", name="王五").application_number
