"""Asking after an application and withdrawing it: for who proves the phone, and nobody else."""

from __future__ import annotations

import pytest

from server_stub.domain.application_states import ApplicationState
from server_stub.domain.id_number import check_character
from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import Finding, Refusal
from server_stub.services.enrollment.status import StatusQuestion
from server_stub.services.enrollment.submission import Submitted
from server_stub.storage.codes import CodePurpose
from tests.support.central_service import DEVICE, LI, MOBILE, OTHER_DEVICE, Central, consenting

UNKNOWN_REGION = "12345619850307001" + check_character("12345619850307001")


def in_review(central: Central) -> Submitted:
    return central.join(id_number=UNKNOWN_REGION, consents=consenting("id_number"))


def asked(central: Central, mobile: str = MOBILE) -> str:
    return central.proof(mobile, CodePurpose.STATUS)


@pytest.mark.parametrize("number", ["A000000000000", "A12", "x" * 300, "' OR 1=1"])
def test_unknown_numbers_and_other_peoples_numbers_look_the_same(central: Central, number: str) -> None:
    central.join()
    others = central.join(mobile="13900139000", name="王五")
    proof = asked(central)
    for asked_for in (number, others.application_number):
        with pytest.raises(Refusal) as refused:
            central.core.enrollment.status(DEVICE, StatusQuestion(asked_for, proof))
        assert refused.value.refused.reason is Reason.APPLICATION_UNKNOWN


def test_a_proof_from_another_device_is_none(central: Central) -> None:
    central.join()
    with pytest.raises(Refusal) as refused:
        central.core.enrollment.status(OTHER_DEVICE, StatusQuestion("", asked(central)))
    assert refused.value.reason is Reason.PHONE_PROOF


def test_staff_has_no_place_here(central: Central) -> None:
    with pytest.raises(Refusal) as refused:
        central.core.enrollment.status(LI, StatusQuestion("", ""))
    assert refused.value.reason is Reason.NOT_PERMITTED


@pytest.mark.parametrize("typed", ["{}", " {} ", "", "lower"])
def test_the_status_is_found_by_number_or_by_phone_alone(central: Central, typed: str) -> None:
    answer = central.join(email="x")
    number = answer.application_number.lower() if typed == "lower" else typed.format(answer.application_number)
    status = central.core.enrollment.status(DEVICE, StatusQuestion(number, asked(central)))
    assert (status.application_number, status.state) == (answer.application_number, ApplicationState.RETURNED)
    assert status.findings == (Finding("email", Reason.EMAIL_FORM),)
    assert (status.name_masked, status.issue_grant) == ("欧阳**", "")


def test_who_has_just_joined_may_ask_with_the_same_proof(central: Central) -> None:
    answer = in_review(central)
    status = central.core.enrollment.status(DEVICE, StatusQuestion(answer.application_number, central.proof()))
    assert (status.state, status.findings) == (ApplicationState.IN_REVIEW, ())


def test_a_waiting_card_can_be_fetched_at_any_device(central: Central) -> None:
    answer = central.join()
    proof = central.proof(purpose=CodePurpose.STATUS, device=OTHER_DEVICE)
    status = central.core.enrollment.status(OTHER_DEVICE, StatusQuestion(answer.application_number, proof))
    granted = central.database.read(lambda tx: central.core.grants.require(tx, status.issue_grant, OTHER_DEVICE))
    assert granted.number == answer.application_number
    with pytest.raises(Refusal) as refused:
        central.database.read(lambda tx: central.core.grants.require(tx, status.issue_grant, DEVICE))
    assert refused.value.reason is Reason.ISSUE_GRANT


@pytest.mark.parametrize("grant", ["", "x", "grt_1.aaaa"])
def test_a_forged_grant_is_none(central: Central, grant: str) -> None:
    with pytest.raises(Refusal) as refused:
        central.database.read(lambda tx: central.core.grants.require(tx, grant, DEVICE))
    assert refused.value.reason is Reason.ISSUE_GRANT


def test_a_grant_ends_after_half_an_hour_and_with_the_card(central: Central) -> None:
    answer = central.join()
    central.activate(central.member_id(answer.membership_number))
    with pytest.raises(Refusal):
        central.database.read(lambda tx: central.core.grants.require(tx, answer.issue_grant, DEVICE))
    other = central.join(mobile="13900139000", name="王五")
    central.clock.advance(minutes=30)
    with pytest.raises(Refusal):
        central.database.read(lambda tx: central.core.grants.require(tx, other.issue_grant, DEVICE))


def test_a_withdrawn_application_frees_the_phone_and_leaves_the_queue(central: Central) -> None:
    answer = in_review(central)
    question, envelope = StatusQuestion(answer.application_number, asked(central)), central.envelope()
    for _ in range(2):
        assert central.core.enrollment.withdraw(DEVICE, envelope, question) is ApplicationState.WITHDRAWN
    assert central.core.reviews.list(LI) == ()
    with pytest.raises(Refusal) as refused:
        central.core.enrollment.withdraw(DEVICE, central.envelope(), question)
    assert refused.value.reason is Reason.APPLICATION_STATE
    assert central.join().state is ApplicationState.CARD_PENDING


def test_an_approved_application_cannot_be_withdrawn(central: Central) -> None:
    answer = central.join()
    with pytest.raises(Refusal) as refused:
        central.core.enrollment.withdraw(DEVICE, central.envelope(), StatusQuestion(answer.application_number, asked(central)))
    assert refused.value.reason is Reason.APPLICATION_STATE
    assert central.count("member") == 1
