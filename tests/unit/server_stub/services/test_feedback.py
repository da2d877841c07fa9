"""Feedback on a real database: refusals first, once for a request, who may follow a case up, what staff must do before it is closed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from server_stub.domain.actors import DeviceActor, DeviceKind, Role, StaffActor
from server_stub.domain.feedback.case import CaseState, Category, Department, Resolution, Verdict
from server_stub.domain.feedback.phrases import Phrase
from server_stub.domain.language import Language
from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import Refusal
from server_stub.jobs.housekeeping import Housekeeping
from server_stub.services.feedback.desk import Feedback, FollowedCase, Proof, Received
from server_stub.services.feedback.handling import CaseDetail
from server_stub.storage.campaigns import VersionRow, add_version
from server_stub.storage.codes import CodePurpose
from server_stub.storage.feedback import CaseContent, Cases, case_by_number
from server_stub.storage.members import IdentifiedBy, member_by_id
from server_stub.storage.staff import StaffRow, StaffState, add_staff
from tests.support.central_service import ADMIN, DEVICE, LI, MOBILE, OTHER_DEVICE, Central

ZHOU = StaffActor("zhou", frozenset({Role.CUSTOMER_SERVICE}))
WU = StaffActor("wu", frozenset({Role.CUSTOMER_SERVICE}))
QIAN = StaffActor("qian", frozenset({Role.MANAGER}))
SAID = Feedback("", 2, Language.ZH_HANS)
HELPED, NOT_HELPED = Verdict.HELPED, Verdict.NOT_HELPED


def refusal(work: Callable[..., object], *arguments: object) -> Refusal:
    with pytest.raises(Refusal) as caught:
        work(*arguments)
    return caught.value


def submit(central: Central, device: DeviceActor = DEVICE, request_id: str = "", **said: Any) -> Received:
    return central.core.feedback.submit(device, central.envelope(request_id), replace(SAID, **said))


def visit(central: Central, device: DeviceActor = DEVICE) -> str:
    proof = central.proof(purpose=CodePurpose.SIGN_IN, device=device)
    return central.core.members.identify(device, proof).visit_token


def member_visit(central: Central) -> str:
    central.join(name="欧阳建国")
    return visit(central)


def content(central: Central, number: str) -> CaseContent:
    return Cases(central.base.sealer).content(central.database.read(lambda tx: case_by_number(tx, number)))


def follow(central: Central, received: Received, device: DeviceActor = OTHER_DEVICE) -> FollowedCase:
    return central.core.feedback.follow(device, received.case_number, Proof(secret=received.secret))


def judge(central: Central, received: Received, verdict: Verdict | None, request_id: str = "") -> FollowedCase:
    proof = Proof(secret=received.secret)
    return central.core.feedback.judge(OTHER_DEVICE, central.envelope(request_id), received.case_number, proof, verdict)


def answered(central: Central, number: str, text: str = "已加开一台收银机。") -> CaseDetail:
    """Leads a case to its reply, step by step."""
    desk = central.core.cases
    desk.classify(ZHOU, central.envelope(), number, Category.CHECKOUT)
    desk.assign(ZHOU, central.envelope(), number, "")
    return desk.reply(ZHOU, central.envelope(), number, text)


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({"face": 0}, Reason.FEEDBACK_FACE_MISSING),
        ({"face": 6}, Reason.FEEDBACK_FACE_MISSING),
        ({"language": None}, Reason.REQUEST_MALFORMED),
        ({"phrases": (Phrase.STAFF_KIND,)}, Reason.REQUEST_MALFORMED),
        ({"phrases": (None,)}, Reason.REQUEST_MALFORMED),
        ({"phrases": (Phrase.FRESH_BAD,) * 2}, Reason.REQUEST_MALFORMED),
        ({"receipt_number": "1" * 41}, Reason.REQUEST_MALFORMED),
        ({"receipt_number": "12\n34"}, Reason.REQUEST_MALFORMED),
        ({"campaign_id": "c" * 41}, Reason.REQUEST_MALFORMED),
        ({"campaign_id": "no-such-campaign"}, Reason.CAMPAIGN_UNKNOWN),
        ({"visit_token": "forged"}, Reason.VISIT_OVER),
    ],
)
def test_what_is_refused_stores_nothing(central: Central, said: dict[str, Any], reason: Reason) -> None:
    assert refusal(lambda: submit(central, **said)).reason is reason
    assert central.count("feedback_case") == 0
    assert central.count("request_log") == 0


def test_tills_and_staff_give_no_feedback(central: Central) -> None:
    till = DeviceActor("T01", "lakeside", DeviceKind.TILL)
    for actor in (till, ZHOU):
        assert refusal(central.core.feedback.submit, actor, central.envelope(), SAID).reason is Reason.NOT_PERMITTED


def test_a_face_alone_is_enough(central: Central) -> None:
    received = submit(central, face=5)
    row = central.rows("feedback_case")[0]
    assert (row["number"], row["face"], row["state"], row["category"]) == (received.case_number, 5, "RECEIVED", None)
    assert content(central, received.case_number) == CaseContent()
    assert not received.is_trimmed
    assert not received.is_masked


def test_the_same_request_twice_is_one_case_with_one_slip(central: Central) -> None:
    request_id = central.request_id()
    first, second = (submit(central, request_id=request_id, text="排队太久") for _ in range(2))
    assert first == second
    assert central.count("feedback_case") == 1
    assert refusal(lambda: submit(central, request_id=request_id, text="别的话")).reason is Reason.REQUEST_ID_REUSED


def test_text_is_masked_cut_and_sealed_before_it_is_stored(central: Central) -> None:
    received = submit(central, text="我的电话 13800138000。" + "好" * 10_000, receipt_number=" 20261123-0187 ")
    kept = content(central, received.case_number)
    assert kept.text.startswith("我的电话 *********00。好")
    assert len(kept.text) == 500
    assert kept.receipt_number == "20261123-0187"
    assert (received.is_trimmed, received.is_masked) == (True, True)
    stored = central.rows("feedback_case")[0]["content"]
    assert "好".encode() not in stored
    assert b"0187" not in stored
    assert "13800138000" not in repr(central.rows("request_log"))


def test_what_was_chosen_is_kept(central: Central) -> None:
    central.database.write(lambda tx: add_version(tx, VersionRow("cmp_1", 1, {}, "qian", tx.now)))
    submit(
        central,
        category=Category.PRICE,
        department=Department.FRESH,
        phrases=(Phrase.FRESH_BAD,),
        campaign_id="cmp_1",
        language=Language.EN,
    )
    row = central.rows("feedback_case")[0]
    assert (row["category"], row["department"], row["phrases"], row["campaign_id"], row["language"]) == (
        "PRICE", "FRESH", ["FRESH_BAD"], "cmp_1", "en",
    )  # fmt: skip


def test_phrases_that_agree_suggest_a_category_that_a_person_still_confirms(central: Central) -> None:
    received = submit(central, phrases=(Phrase.CHECKOUT_SLOW,))
    row = central.rows("feedback_case")[0]
    assert (row["category"], row["state"], row["classified_at"]) == ("CHECKOUT", "RECEIVED", None)
    assert central.core.cases.list(ZHOU, 10)[0].due == "classify"
    assert follow(central, received).category is Category.CHECKOUT


def test_a_member_is_kept_with_the_case_and_not_with_an_anonymous_one(central: Central) -> None:
    token = member_visit(central)
    submit(central, visit_token=token)
    submit(central, visit_token=token, is_anonymous=True)
    named, anonymous = sorted(central.rows("feedback_case"), key=lambda row: row["is_anonymous"])
    assert named["member_id"] == central.rows("member")[0]["member_id"]
    assert anonymous["member_id"] is None


def test_a_flood_from_a_device_is_answered_with_a_waiting_time(central: Central) -> None:
    for _ in range(40):
        submit(central)
        central.clock.advance(seconds=10)
    refused = refusal(lambda: submit(central))
    assert refused.reason is Reason.RATE_LIMITED
    assert refused.refused.retry_after_s == 3600 - 400
    assert [row["action"] for row in central.rows("audit_event")].count("alert.feedback_flood") == 1
    submit(central, OTHER_DEVICE)
    central.clock.advance(seconds=refused.refused.retry_after_s)
    submit(central)


def test_guests_who_flood_a_device_keep_no_member_from_saying_something(central: Central) -> None:
    token = member_visit(central)
    submit(central, visit_token=token)
    for _ in range(40):
        submit(central)
    assert refusal(lambda: submit(central, visit_token=token, is_anonymous=True)).reason is Reason.RATE_LIMITED
    submit(central, visit_token=token)


def test_a_member_floods_neither_here_nor_at_another_device(central: Central) -> None:
    token = member_visit(central)
    for _ in range(5):
        submit(central, visit_token=token)
    other = visit(central, OTHER_DEVICE)
    refused = refusal(lambda: submit(central, OTHER_DEVICE, visit_token=other))
    assert refused.reason is Reason.RATE_LIMITED
    assert refused.refused.retry_after_s > 23 * 3600


def test_who_cannot_prove_anything_sees_no_case(central: Central) -> None:
    received = submit(central)
    desk = central.core.feedback
    wrong = "000000" if received.secret != "000000" else "111111"
    for number, proof in (
        (received.case_number, Proof(secret=wrong)),
        ("1234567890", Proof(secret=received.secret)),
        ("", Proof(secret=received.secret)),
        (received.case_number, Proof(visit_token=member_visit(central))),
        ("", Proof(visit_token=visit(central))),
        (received.case_number, Proof(phone_proof=central.proof(purpose=CodePurpose.STATUS))),
    ):
        assert refusal(desk.follow, DEVICE, number, proof).reason is Reason.CASE_UNKNOWN
    assert refusal(desk.follow, DEVICE, received.case_number, Proof()).reason is Reason.PHONE_PROOF
    assert refusal(desk.follow, DEVICE, received.case_number, Proof(visit_token="x")).reason is Reason.VISIT_OVER


def test_secrets_are_not_guessed(central: Central) -> None:
    received = submit(central)
    wrong = Proof(secret="000000" if received.secret != "000000" else "111111")
    for _ in range(5):
        assert refusal(central.core.feedback.follow, DEVICE, received.case_number, wrong).reason is Reason.CASE_UNKNOWN
    right = refusal(lambda: follow(central, received))
    assert (right.reason, right.refused.retry_after_s) == (Reason.RATE_LIMITED, 3600)
    central.clock.advance(hours=1)
    assert follow(central, received).case_number == received.case_number


def test_wrong_secrets_of_verdicts_count_too(central: Central) -> None:
    received = submit(central)
    wrong = replace(received, secret="000000" if received.secret != "000000" else "111111")
    for _ in range(5):
        assert refusal(judge, central, wrong, HELPED).reason is Reason.CASE_UNKNOWN
    assert refusal(lambda: follow(central, received)).reason is Reason.RATE_LIMITED


def test_slip_visit_and_phone_each_lead_to_the_case(central: Central) -> None:
    token = member_visit(central)
    received = submit(central, visit_token=token, text="谢谢")
    shown = follow(central, received)
    assert (shown.state, shown.face, shown.replies, shown.may_judge) == (CaseState.RECEIVED, 2, (), False)
    desk = central.core.feedback
    assert desk.follow(DEVICE, received.case_number, Proof(visit_token=token)) == shown
    assert desk.follow(DEVICE, "", Proof(visit_token=token)) == shown
    phone = central.proof(purpose=CodePurpose.STATUS, device=OTHER_DEVICE)
    assert desk.follow(OTHER_DEVICE, "", Proof(phone_proof=phone)) == shown


@pytest.mark.parametrize("by", [IdentifiedBy.CARD, IdentifiedBy.CODE, IdentifiedBy.RECEIPT, IdentifiedBy.ISSUE])
def test_who_found_card_or_paper_reads_no_reply_and_gives_no_verdict(central: Central, by: IdentifiedBy) -> None:
    token, desk = member_visit(central), central.core.feedback
    received = submit(central, visit_token=token)
    answered(central, received.case_number, "欧阳女士，我们把 20 元退给您。")
    found = central.database.write(
        lambda tx: central.core.visits.begin(tx, member_by_id(tx, central.rows("member")[0]["member_id"]), OTHER_DEVICE, by)
    )
    assert submit(central, OTHER_DEVICE, visit_token=found).case_number, "saying something is open to every visit"
    for number in ("", received.case_number):
        assert refusal(desk.follow, OTHER_DEVICE, number, Proof(visit_token=found)).reason is Reason.HOLDER_PROOF
        judging = refusal(desk.judge, OTHER_DEVICE, central.envelope(), number, Proof(visit_token=found), HELPED)
        assert judging.reason is Reason.HOLDER_PROOF
    assert desk.follow(DEVICE, "", Proof(visit_token=token)).may_judge
    assert follow(central, received).may_judge


@pytest.mark.parametrize("actor", [LI, ADMIN, QIAN, DEVICE], ids=["reviewer", "administrator", "manager", "kiosk"])
def test_nobody_but_customer_service_reads_or_answers(central: Central, actor: Any) -> None:
    number = submit(central).case_number
    desk = central.core.cases
    for work in (
        lambda: desk.show(actor, number),
        lambda: desk.classify(actor, central.envelope(), number, Category.STAFF),
        lambda: desk.reply(actor, central.envelope(), number, "好"),
        lambda: desk.close(actor, central.envelope(), number, Resolution.NOTED),
    ):
        assert refusal(work).reason is Reason.NOT_PERMITTED
    if actor is not QIAN:
        assert refusal(desk.list, actor, 10).reason is Reason.NOT_PERMITTED


def test_a_case_is_not_closed_without_reply_or_resolution(central: Central) -> None:
    number = submit(central).case_number
    desk = central.core.cases
    assert refusal(desk.close, ZHOU, central.envelope(), number, Resolution.NOTED).reason is Reason.CASE_REPLY_MISSING
    answered(central, number)
    for missing in (None, Resolution.HELPED, Resolution.DUPLICATE):
        assert refusal(desk.close, ZHOU, central.envelope(), number, missing).reason is Reason.CASE_RESOLUTION_MISSING
    closed = desk.close(ZHOU, central.envelope(), number, Resolution.SOLVED)
    assert (closed.summary.state, closed.resolution, closed.summary.due) == (CaseState.CLOSED, "SOLVED", "")
    assert refusal(desk.close, ZHOU, central.envelope(), number, Resolution.SOLVED).reason is Reason.WRONG_STATE


def account(name: str, role: Role, state: StaffState = StaffState.ACTIVE) -> StaffRow:
    moment = datetime(2026, 11, 1, tzinfo=UTC)
    return StaffRow(name, name, None, None, 0, 0, None, [role.value], None, state, is_development=False, created_at=moment)


def test_what_is_wrong_with_a_campaign_is_no_fault_of_the_receipt_number(central: Central) -> None:
    assert [found.field for found in refusal(lambda: submit(central, campaign_id="c" * 41)).refused.findings] == ["campaign_id"]


def test_a_case_is_given_to_whom_answers_for_cases_and_to_nobody_else(central: Central) -> None:
    number = submit(central).case_number
    accounts = (account("wu", Role.CUSTOMER_SERVICE), account("li", Role.REVIEWER), account("he", Role.CUSTOMER_SERVICE, StaffState.CLOSED))
    central.database.write(lambda tx: [add_staff(tx, one) for one in accounts])
    desk = central.core.cases
    desk.classify(ZHOU, central.envelope(), number, Category.STAFF)
    for name in ("nobody", "li", "he", "wu\n", "w" * 5000):
        assert refusal(desk.assign, ZHOU, central.envelope(), number, name).reason is Reason.CASE_OWNER
    assert desk.assign(ZHOU, central.envelope(), number, "wu").summary.state is CaseState.ASSIGNED
    assert central.rows("feedback_case")[0]["owner"] == "wu"


def test_refusals_of_replies(central: Central) -> None:
    number = submit(central).case_number
    desk = central.core.cases
    assert refusal(desk.reply, ZHOU, central.envelope(), number, "好").reason is Reason.CASE_NOT_CLASSIFIED
    assert refusal(desk.assign, ZHOU, central.envelope(), number, "").reason is Reason.CASE_NOT_CLASSIFIED
    desk.classify(ZHOU, central.envelope(), number, Category.STAFF)
    desk.assign(WU, central.envelope(), number, "")
    assert refusal(desk.reply, ZHOU, central.envelope(), number, "好").reason is Reason.CASE_NOT_YOURS
    for text in ("", " \u200b ", "好" * 501):
        assert refusal(desk.reply, WU, central.envelope(), number, text).reason is Reason.REQUEST_MALFORMED
    assert refusal(desk.reply, WU, central.envelope(), "1234567890", "好").reason is Reason.CASE_UNKNOWN
    assert central.count("feedback_reply") == 0


def test_a_reply_is_seen_and_announced_to_the_member_and_only_to_one_who_gave_their_name(central: Central) -> None:
    token = member_visit(central)
    named, anonymous, guest = (
        submit(central, visit_token=token),
        submit(central, visit_token=token, is_anonymous=True),
        submit(central),
    )
    for received in (named, anonymous, guest):
        answered(central, received.case_number)
        assert [reply.text for reply in follow(central, received).replies] == ["已加开一台收银机。"]
    told = [payload for template, payload in central.messages() if template == "feedback_replied"]
    assert [(payload.recipient, dict(payload.variables)) for payload in told] == [
        (f"+86{MOBILE}", {"name": "欧阳**", "number": named.case_number})
    ]


def test_a_reply_to_an_older_case_is_seen_without_its_number_until_it_is_judged(central: Central) -> None:
    token, desk = member_visit(central), central.core.feedback
    older = submit(central, visit_token=token)
    central.clock.advance(minutes=1)
    newer = submit(central, visit_token=token)
    mine = Proof(visit_token=token)
    assert desk.follow(DEVICE, "", mine).case_number == newer.case_number
    answered(central, older.case_number)
    shown = desk.follow(DEVICE, "", mine)
    assert (shown.case_number, shown.may_judge, len(shown.replies)) == (older.case_number, True, 1)
    desk.judge(DEVICE, central.envelope(), older.case_number, mine, HELPED)
    assert desk.follow(DEVICE, "", mine).case_number == newer.case_number


def test_the_same_reply_twice_is_one(central: Central) -> None:
    number = submit(central).case_number
    desk = central.core.cases
    desk.classify(ZHOU, central.envelope(), number, Category.STAFF)
    desk.assign(ZHOU, central.envelope(), number, "")
    envelope = central.envelope()
    assert desk.reply(ZHOU, envelope, number, "好的") == desk.reply(ZHOU, envelope, number, "好的")
    assert central.count("feedback_reply") == 1


def test_three_years_after_its_end_nobody_reads_a_case_and_it_is_not_opened_again(central: Central) -> None:
    received = submit(central, text="结账太慢")
    answered(central, received.case_number)
    central.core.cases.close(ZHOU, central.envelope(), received.case_number, Resolution.SOLVED)
    job = Housekeeping(central.base, central.core.ledger.accounts)
    central.clock.advance(days=3 * 365)
    assert (job.run().feedback, content(central, received.case_number).text) == (0, "结账太慢")
    central.clock.advance(seconds=1)
    assert [job.run().feedback, job.run().feedback] == [1, 0]
    assert content(central, received.case_number) == CaseContent()
    followed = follow(central, received)
    assert (followed.replies, followed.may_judge) == ((), False)
    assert refusal(lambda: judge(central, received, NOT_HELPED)).reason is Reason.WRONG_STATE


def test_a_reply_that_helped_closes_the_case(central: Central) -> None:
    received = submit(central)
    assert refusal(judge, central, received, HELPED).reason is Reason.WRONG_STATE
    answered(central, received.case_number)
    assert follow(central, received).may_judge
    assert refusal(judge, central, received, None).reason is Reason.REQUEST_MALFORMED
    request_id = central.request_id()
    first, again = (judge(central, received, HELPED, request_id) for _ in range(2))
    assert first == again
    assert (first.state, first.verdict, first.may_judge) == (CaseState.CLOSED, HELPED, False)
    assert central.core.cases.show(ZHOU, received.case_number).resolution == "HELPED"
    assert refusal(judge, central, received, NOT_HELPED).reason is Reason.WRONG_STATE


def test_a_reply_that_did_not_help_opens_the_case_again_until_another_one_does(central: Central) -> None:
    received = submit(central)
    answered(central, received.case_number)
    central.core.cases.close(ZHOU, central.envelope(), received.case_number, Resolution.EXPLAINED)
    central.clock.advance(days=3)
    again = judge(central, received, NOT_HELPED)
    assert (again.state, again.verdict, again.may_judge) == (CaseState.REOPENED, NOT_HELPED, False)
    line = central.core.cases.list(ZHOU, 10)[0]
    assert (line.state, line.reopened, line.due, line.is_overdue) == (CaseState.REOPENED, 1, "reply", False)
    assert refusal(central.core.cases.close, ZHOU, central.envelope(), received.case_number, Resolution.NOTED).reason is (
        Reason.CASE_REPLY_MISSING
    )
    central.core.cases.assign(ZHOU, central.envelope(), received.case_number, "")
    central.core.cases.reply(ZHOU, central.envelope(), received.case_number, "店长今天给您处理。")
    assert len(follow(central, received).replies) == 2
    assert judge(central, received, HELPED).state is CaseState.CLOSED


def test_lists_say_what_is_due_and_what_is_late(central: Central) -> None:
    late = submit(central).case_number
    central.clock.advance(days=2)
    fresh = submit(central).case_number
    lines = central.core.cases.list(QIAN, 10)
    assert [(line.case_number, line.due, line.is_overdue) for line in lines] == [(late, "classify", True), (fresh, "classify", False)]
    assert lines[0].due_at == "2026-11-24 18:00"
    answered(central, fresh)
    detail = central.core.cases.close(ZHOU, central.envelope(), fresh, Resolution.NOTED)
    assert (detail.first_reply_minutes, detail.resolved_minutes) == (0, 0)
    assert [line.case_number for line in central.core.cases.list(ZHOU, 10)] == [late]
    assert len(central.core.cases.list(ZHOU, 10, with_closed=True)) == 2


def test_duplicates_are_put_together_and_read_the_same_reply(central: Central) -> None:
    first, second = submit(central, text="排队"), submit(central, text="排队！")
    desk = central.core.cases
    assert refusal(desk.merge, ZHOU, central.envelope(), second.case_number, second.case_number).reason is Reason.CASE_MERGED
    merged = desk.merge(ZHOU, central.envelope(), second.case_number, first.case_number)
    assert (merged.summary.state, merged.resolution, merged.merged_into) == (CaseState.CLOSED, "DUPLICATE", first.case_number)
    third = submit(central)
    assert refusal(desk.merge, ZHOU, central.envelope(), third.case_number, second.case_number).reason is Reason.CASE_MERGED
    answered(central, first.case_number)
    shown = follow(central, second)
    assert (shown.case_number, shown.state, len(shown.replies), shown.may_judge) == (second.case_number, CaseState.REPLIED, 1, True)


def together(central: Central, **said: Any) -> tuple[Received, Received]:
    """Two cases that were put together: the main one, answered, and the duplicate with what is said."""
    main, double = submit(central), submit(central, **said)
    central.core.cases.merge(ZHOU, central.envelope(), double.case_number, main.case_number)
    answered(central, main.case_number)
    return main, double


def row_of(central: Central, received: Received) -> Any:
    return central.database.read(lambda tx: case_by_number(tx, received.case_number))


def test_who_said_the_same_before_says_by_themselves_that_it_helped(central: Central) -> None:
    mine = Proof(visit_token=member_visit(central))
    main, double = together(central, visit_token=mine.visit_token)
    submit(central, visit_token=mine.visit_token)
    seen = central.core.feedback.follow(DEVICE, "", mine)
    assert (seen.case_number, seen.may_judge) == (double.case_number, True), "the reply that waits comes first"
    judged = judge(central, double, HELPED)
    assert (judged.state, judged.verdict, judged.may_judge) == (CaseState.REPLIED, HELPED, False)
    assert refusal(judge, central, double, NOT_HELPED).reason is Reason.WRONG_STATE
    kept = row_of(central, double)
    assert (kept.state, kept.resolution, kept.merged_into is None) == (CaseState.CLOSED, Resolution.DUPLICATE, False)
    assert judge(central, main, HELPED).state is CaseState.CLOSED


def test_a_duplicate_that_was_not_helped_opens_the_case_of_all_and_the_next_reply_is_judged_by_all(central: Central) -> None:
    main, double = together(central)
    judge(central, main, HELPED)
    assert judge(central, double, NOT_HELPED).state is CaseState.REOPENED
    assert (row_of(central, double).state, row_of(central, main).reopened) == (CaseState.CLOSED, 1)
    assert not follow(central, main).may_judge
    answered(central, main.case_number, "收银台今天加开了。")
    assert [follow(central, one).may_judge for one in (main, double)] == [True, True]


def test_a_duplicate_goes_along_where_its_case_is_put_to_another_one(central: Central) -> None:
    mine = Proof(visit_token=member_visit(central))
    first, main, double = submit(central), submit(central), submit(central, visit_token=mine.visit_token)
    for one, to in ((double, main), (main, first)):
        central.core.cases.merge(ZHOU, central.envelope(), one.case_number, to.case_number)
    answered(central, first.case_number)
    for text in ("", "收银台今天加开了。"):
        if text:
            answered(central, first.case_number, text)
        assert central.core.feedback.follow(DEVICE, "", mine).may_judge
        assert judge(central, double, NOT_HELPED).state is CaseState.REOPENED


def test_a_reply_from_before_cases_were_put_together_is_judged_no_more(central: Central) -> None:
    main, double = submit(central), submit(central)
    answered(central, double.case_number)
    central.core.cases.merge(ZHOU, central.envelope(), double.case_number, main.case_number)
    assert not follow(central, double).may_judge
    for verdict in (HELPED, NOT_HELPED):
        assert refusal(judge, central, double, verdict).reason is Reason.WRONG_STATE
    assert row_of(central, double).state is CaseState.CLOSED


def test_replies_cannot_be_changed_afterwards(central: Central) -> None:
    answered(central, submit(central).case_number)
    if central.database.writer.dialect.name != "sqlite":
        pytest.skip("on a server the role has no such right, which test_postgres holds against every table of facts")
    with pytest.raises(Exception, match="append-only"):
        central.database.write(lambda tx: tx.connection.exec_driver_sql("UPDATE feedback_reply SET replied_by = 'x'"))


@pytest.mark.parametrize(("is_guest", "is_anonymous"), [(True, False), (False, True), (False, False)], ids=["guest", "anonymous", "member"])
def test_a_message_is_promised_only_where_one_is_sent(central: Central, *, is_guest: bool, is_anonymous: bool) -> None:
    token = "" if is_guest else member_visit(central)
    received = submit(central, visit_token=token, is_anonymous=is_anonymous)
    answered(central, received.case_number)
    told = [template for template, _ in central.messages() if template == "feedback_replied"]
    assert (received.is_told, len(told)) == ((False, 0) if is_guest or is_anonymous else (True, 1))
