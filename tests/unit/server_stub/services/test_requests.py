"""One request, one effect: repetition, reuse, cancellation, and twenty threads at once."""

from __future__ import annotations

import itertools
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from server_stub.domain.application_states import ApplicationState
from server_stub.domain.envelope import Envelope
from server_stub.domain.permissions import Operation
from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import Refusal
from server_stub.services.enrollment.submission import SubmitCommand
from server_stub.services.requests import Call
from tests.support.central_service import DEVICE, OTHER_DEVICE, Central, adult_form


@pytest.mark.parametrize("request_id", ["", "1", "018F0000-0000-7000-8000-000000000000", "6f6f1e5c-9f7a-4d2e-8a55-d5a3c2a3a111"])
def test_a_malformed_request_id_is_refused(central: Central, request_id: str) -> None:
    form = adult_form(central.proof())
    with pytest.raises(Refusal) as refused:
        central.core.enrollment.submit(DEVICE, Envelope(request_id, 1, central.clock.now()), SubmitCommand(form))
    assert refused.value.reason is Reason.REQUEST_MALFORMED
    with pytest.raises(Refusal):
        central.core.enrollment.cancel_request(DEVICE, request_id)


def test_a_naive_moment_and_a_negative_number_are_refused(central: Central) -> None:
    good = central.envelope()
    for bad in (replace(good, occurred_at=good.occurred_at.replace(tzinfo=None)), replace(good, device_seq=-1)):
        with pytest.raises(Refusal) as refused:
            central.submit(adult_form(central.proof()), bad)
        assert refused.value.reason is Reason.REQUEST_MALFORMED


def test_the_same_request_gives_the_first_answer_whatever_happened_since(central: Central) -> None:
    form, envelope = adult_form(central.proof()), central.envelope()
    first = central.submit(form, envelope)
    central.activate(central.member_id(first.membership_number))
    central.clock.advance(days=40)
    again = central.submit(form, envelope)
    assert again.state is ApplicationState.CARD_PENDING
    assert (again.application_number, again.receipt, again.issue_grant) == (first.application_number, first.receipt, first.issue_grant)
    assert [central.count(table) for table in ("application", "member", "receipt", "points_entry")] == [1, 1, 1, 1]


def test_the_same_id_with_another_body_is_refused(central: Central) -> None:
    form, envelope = adult_form(central.proof()), central.envelope()
    central.submit(form, envelope)
    with pytest.raises(Refusal) as refused:
        central.submit(replace(form, name="王五"), envelope)
    assert refused.value.reason is Reason.REQUEST_ID_REUSED
    assert central.count("application") == 1


def test_another_device_cannot_read_the_answer_of_a_request(central: Central) -> None:
    form, envelope = adult_form(central.proof()), central.envelope()
    central.submit(form, envelope)
    with pytest.raises(Refusal) as refused:
        central.submit(form, envelope, device=OTHER_DEVICE)
    assert refused.value.reason is Reason.REQUEST_ID_REUSED
    with pytest.raises(Refusal) as refused:
        central.core.enrollment.cancel_request(OTHER_DEVICE, envelope.request_id)
    assert refused.value.reason is Reason.REQUEST_ID_REUSED


def test_the_same_id_and_body_for_another_operation_is_refused(central: Central) -> None:
    """Redeeming and reversing may have bodies that read alike; the answer of one is none of the other."""
    envelope, done = central.envelope(), list[Operation]()

    def work(operation: Operation) -> dict[str, int]:
        done.append(operation)
        return {"number": len(done)}

    def once(operation: Operation) -> object:
        return central.base.requests.once(Call(DEVICE, envelope, operation, {"id": "d1"}), lambda _tx: work(operation))

    first = once(Operation.REDEEM_POINTS)
    with pytest.raises(Refusal) as refused:
        once(Operation.REDEEM_COUPON)
    assert refused.value.reason is Reason.REQUEST_ID_REUSED
    assert (once(Operation.REDEEM_POINTS), done) == (first, [Operation.REDEEM_POINTS])


def test_a_refused_request_stores_nothing_and_its_id_stays_free(central: Central) -> None:
    proof, envelope = central.proof(), central.envelope()
    before = {table: central.count(table) for table in ("request_log", "application", "person", "consent", "audit_event")}
    with pytest.raises(Refusal):
        central.submit(adult_form(proof, consents=()), envelope)
    assert {table: central.count(table) for table in before} == before
    assert central.submit(adult_form(proof), envelope).state is ApplicationState.CARD_PENDING


def test_a_cancelled_request_can_never_run(central: Central) -> None:
    form, envelope = adult_form(central.proof()), central.envelope()
    assert central.core.enrollment.cancel_request(DEVICE, envelope.request_id) is False
    assert central.core.enrollment.cancel_request(DEVICE, envelope.request_id) is False
    with pytest.raises(Refusal) as refused:
        central.submit(form, envelope)
    assert refused.value.reason is Reason.REQUEST_CANCELLED
    assert central.count("application") == 0


def test_cancelling_an_applied_request_changes_nothing(central: Central) -> None:
    form, envelope = adult_form(central.proof()), central.envelope()
    first = central.submit(form, envelope)
    assert central.core.enrollment.cancel_request(DEVICE, envelope.request_id) is True
    assert central.submit(form, envelope) == first


def test_the_highest_number_of_a_device_is_kept(central: Central) -> None:
    form = adult_form(central.proof())
    central.submit(form, central.envelope(seq=7))
    central.proof("13900139000")
    assert next(row["last_device_seq"] for row in central.rows("device") if row["device_id"] == "K03") == 7


def test_one_request_from_twenty_threads_is_one_member(central: Central) -> None:
    form, envelope = adult_form(central.proof()), central.envelope()
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda _: central.submit(form, envelope), range(20)))
    assert len({answer.membership_number for answer in answers}) == 1
    assert len(set(answers)) == 1
    assert [central.count(table) for table in ("application", "member", "points_account", "receipt")] == [1, 1, 1, 1]


def test_two_applications_with_one_phone_at_once_are_one_member(central: Central) -> None:
    proof = central.proof()
    forms = [adult_form(proof, name=name) for name in ("欧阳建国", "王五")]

    def attempt(n: int) -> str:
        try:
            return central.submit(forms[n % 2]).state
        except Refusal as refusal:
            return refusal.reason

    with ThreadPoolExecutor(10) as pool:
        outcomes = sorted(pool.map(attempt, range(10)))
    assert outcomes == ["CARD_PENDING"] + ["MEMBER_EXISTS"] * 9
    assert central.count("member") == 1


def test_receipts_of_a_device_form_one_chain_under_load(central: Central) -> None:
    forms = [adult_form(central.proof(f"1390013900{n}"), mobile=f"1390013900{n}", name=name) for n, name in enumerate("甲乙丙丁戊")]
    with ThreadPoolExecutor(5) as pool:
        list(pool.map(central.submit, forms))
    rows = sorted(central.rows("receipt"), key=lambda row: row["sequence"])
    assert [row["number"] for row in rows] == [f"K03-{n:04d}" for n in range(1, 6)]
    for before, after in itertools.pairwise(rows):
        assert after["code"] == f"HR1:{before['body_sha256'][:8].hex()}"
