"""One-time codes: every refusal, the limits, the proof, and silence about unknown numbers."""

from __future__ import annotations

from datetime import timedelta

import pytest

from server_stub.domain.actors import SystemActor
from server_stub.domain.language import Language
from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import Refusal
from server_stub.services.enrollment.codes import CodeOrder
from server_stub.services.enrollment.status import StatusQuestion
from server_stub.storage.codes import CodePurpose
from tests.support.central_service import DEVICE, MOBILE, OTHER_DEVICE, Central, adult_form

STRANGER = "13900139000"


def other(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


@pytest.mark.parametrize(
    ("mobile", "purpose", "language", "reason"),
    [
        (MOBILE, None, Language.EN, Reason.REQUEST_MALFORMED),
        (MOBILE, CodePurpose.JOIN, None, Reason.REQUEST_MALFORMED),
        ("02012345678", CodePurpose.JOIN, Language.EN, Reason.PHONE_NOT_MOBILE),
        ("1", CodePurpose.JOIN, Language.EN, Reason.PHONE_INVALID),
        ("+85291234567", CodePurpose.JOIN, Language.EN, Reason.PHONE_REGION),
    ],
)
def test_orders_that_are_refused_store_nothing(
    central: Central, mobile: str, purpose: CodePurpose | None, language: Language | None, reason: Reason
) -> None:
    with pytest.raises(Refusal) as refused:
        central.core.enrollment.send_code(DEVICE, central.envelope(), CodeOrder(mobile, purpose, language))
    assert refused.value.reason is reason
    assert [central.count(table) for table in ("ownership_code", "outbox_message", "request_log", "audit_event")] == [0, 0, 0, 0]


def test_only_devices_ask_for_codes(central: Central) -> None:
    with pytest.raises(Refusal) as refused:
        central.core.enrollment.send_code(SystemActor(), central.envelope(), CodeOrder(MOBILE, CodePurpose.JOIN, Language.EN))
    assert refused.value.reason is Reason.NOT_PERMITTED


def test_a_second_code_within_a_minute_is_refused_with_the_seconds_to_wait(central: Central) -> None:
    central.send_code()
    central.clock.advance(seconds=59.5)
    with pytest.raises(Refusal) as refused:
        central.send_code()
    assert (refused.value.reason, refused.value.refused.retry_after_s) == (Reason.CODE_TOO_SOON, 1)
    central.clock.advance(seconds=0.5)
    central.send_code()
    assert central.count("ownership_code") == 2


def test_five_codes_an_hour_for_a_number_over_all_devices(central: Central) -> None:
    for n in range(5):
        central.send_code(device=(DEVICE, OTHER_DEVICE)[n % 2])
        central.clock.advance(minutes=2)
    with pytest.raises(Refusal) as refused:
        central.send_code()
    assert (refused.value.reason, refused.value.refused.retry_after_s) == (Reason.CODE_LIMIT, 50 * 60)
    central.clock.advance(seconds=50 * 60)
    central.send_code()


def test_ten_codes_a_day_for_a_number(central: Central) -> None:
    for _ in range(10):
        central.send_code()
        central.clock.advance(minutes=61)
    with pytest.raises(Refusal) as refused:
        central.send_code()
    assert refused.value.reason is Reason.CODE_LIMIT
    assert refused.value.refused.retry_after_s == 24 * 3600 - 10 * 61 * 60


def test_many_numbers_from_one_device_are_refused_and_noted_as_an_alert(central: Central) -> None:
    for n in range(60):
        central.send_code(f"138001380{n:02d}")
    with pytest.raises(Refusal) as refused:
        central.send_code("13800139999")
    assert refused.value.reason is Reason.CODE_LIMIT
    assert [row["actor"] for row in central.rows("audit_event") if row["action"] == "alert.code_limit"] == ["device:K03"]
    central.send_code("13800139999", device=OTHER_DEVICE)


def fail_to_send(central: Central, tries: int) -> None:
    """A gateway that cannot be reached, as the delivery finds it."""
    for _ in range(tries):
        for pending in central.core.delivery_queue.claim(10, lambda _tries: timedelta(seconds=1)):
            central.core.delivery_queue.noted(pending, "SMS_ConnectionRefusedError")
        central.clock.advance(seconds=1)


def reason_for(central: Central, mobile: str, purpose: CodePurpose = CodePurpose.JOIN) -> Reason | None:
    try:
        central.send_code(mobile, purpose)
    except Refusal as refusal:
        return refusal.reason
    return None


@pytest.mark.parametrize("purpose", [CodePurpose.JOIN, CodePurpose.SIGN_IN])
def test_who_asks_again_learns_that_the_gateway_took_nothing(central: Central, purpose: CodePurpose) -> None:
    central.send_code()
    fail_to_send(central, 3)
    central.clock.advance(seconds=60)
    assert {reason_for(central, number, purpose) for number in (MOBILE, STRANGER)} == {Reason.SMS_NOT_SENT}
    assert central.count("ownership_code") == 1
    (pending,) = central.core.delivery_queue.claim(10, lambda _tries: timedelta(seconds=1))
    central.core.delivery_queue.handed_over(pending, "reference")
    assert reason_for(central, MOBILE) is None


def test_a_gateway_that_failed_once_keeps_nobody_from_a_code(central: Central) -> None:
    central.send_code()
    fail_to_send(central, 2)
    assert reason_for(central, STRANGER) is None


def test_a_gateway_that_failed_five_minutes_ago_is_tried_again(central: Central) -> None:
    central.send_code()
    fail_to_send(central, 3)
    central.clock.advance(minutes=5)
    assert reason_for(central, MOBILE) is None


def test_a_number_that_the_gateway_refuses_is_said_to_it_alone(central: Central) -> None:
    central.send_code()
    (pending,) = central.core.delivery_queue.claim(10, lambda _tries: timedelta(seconds=1))
    central.core.delivery_queue.failed(pending, "SMS_422")
    central.clock.advance(seconds=60)
    assert reason_for(central, MOBILE) is Reason.SMS_NOT_SENT
    assert reason_for(central, STRANGER) is None


def test_a_code_to_sign_in_that_hangs_says_nothing_of_its_number(central: Central) -> None:
    central.join()
    central.clock.advance(minutes=10)
    central.send_code(MOBILE, CodePurpose.SIGN_IN)
    fail_to_send(central, 3)
    central.clock.advance(seconds=60)
    assert reason_for(central, MOBILE, CodePurpose.SIGN_IN) is None


def test_a_wrong_code_takes_a_try_and_the_fifth_ends_it(central: Central) -> None:
    challenge = central.send_code()
    right = central.sent_code()
    seen = []
    for _ in range(5):
        with pytest.raises(Refusal) as refused:
            central.core.enrollment.verify_code(DEVICE, challenge, other(right))
        seen.append((refused.value.reason, refused.value.refused.tries_left))
    assert seen == [(Reason.CODE_WRONG, n) for n in (4, 3, 2, 1)] + [(Reason.CODE_TRIES_EXHAUSTED, 0)]
    with pytest.raises(Refusal) as refused:
        central.core.enrollment.verify_code(DEVICE, challenge, right)
    assert refused.value.reason is Reason.CODE_TRIES_EXHAUSTED


@pytest.mark.parametrize("code", ["", "12345", "1234567", "abcdef", "１２３４５６", "-12345", "\x00" * 6])
def test_what_is_no_code_is_wrong(central: Central, code: str) -> None:
    challenge = central.send_code()
    with pytest.raises(Refusal) as refused:
        central.core.enrollment.verify_code(DEVICE, challenge, code)
    assert refused.value.reason is Reason.CODE_WRONG


def test_a_code_ends_after_five_minutes(central: Central) -> None:
    challenge = central.send_code()
    central.clock.advance(minutes=5)
    with pytest.raises(Refusal) as refused:
        central.core.enrollment.verify_code(DEVICE, challenge, central.sent_code())
    assert refused.value.reason is Reason.CODE_EXPIRED


@pytest.mark.parametrize("challenge", ["", "otp_unknown", "' OR 1=1 --"])
def test_an_unknown_challenge_looks_expired(central: Central, challenge: str) -> None:
    with pytest.raises(Refusal) as refused:
        central.core.enrollment.verify_code(DEVICE, challenge, "123456")
    assert refused.value.reason is Reason.CODE_EXPIRED


def test_another_device_cannot_use_the_code(central: Central) -> None:
    challenge = central.send_code()
    with pytest.raises(Refusal) as refused:
        central.core.enrollment.verify_code(OTHER_DEVICE, challenge, central.sent_code())
    assert refused.value.reason is Reason.CODE_EXPIRED


def test_a_newer_code_ends_the_older_one(central: Central) -> None:
    old = central.send_code()
    old_code = central.sent_code()
    central.clock.advance(seconds=60)
    central.send_code()
    with pytest.raises(Refusal) as refused:
        central.core.enrollment.verify_code(DEVICE, old, old_code)
    assert refused.value.reason is Reason.CODE_TRIES_EXHAUSTED


def test_the_answer_to_a_lost_verification_is_the_same_proof(central: Central) -> None:
    challenge = central.send_code()
    proofs = {central.core.enrollment.verify_code(DEVICE, challenge, central.sent_code()) for _ in range(3)}
    assert len(proofs) == 1


@pytest.mark.parametrize("purpose", [CodePurpose.SIGN_IN, CodePurpose.STATUS])
def test_nothing_is_sent_to_a_number_nobody_has_and_the_answer_is_the_same(central: Central, purpose: CodePurpose) -> None:
    central.join()
    order = CodeOrder(STRANGER, purpose, Language.EN)
    to_stranger = central.core.enrollment.send_code(DEVICE, central.envelope(), order)
    central.clock.advance(seconds=61)
    to_member = central.core.enrollment.send_code(DEVICE, central.envelope(), CodeOrder(MOBILE, purpose, Language.EN))
    assert (to_stranger.expires_in_s, to_stranger.resend_after_s) == (to_member.expires_in_s, to_member.resend_after_s) == (300, 60)
    assert to_stranger.mobile_masked == "139****9000"
    assert "+8613900139000" not in [payload.recipient for _, payload in central.messages()]
    refusals = []
    for code in ("000000", "000001"):
        with pytest.raises(Refusal) as refused:
            central.core.enrollment.verify_code(DEVICE, to_stranger.challenge_id, code)
        refusals.append(refused.value.refused.tries_left)
    assert refusals == [4, 3]


def test_the_code_of_a_stranger_cannot_be_verified_even_when_guessed(central: Central) -> None:
    central.join()
    for guess in range(5):
        object.__setattr__(central.base, "random_below", lambda _limit, guess=guess: guess)
        challenge = central.send_code(f"1390013900{guess}", CodePurpose.SIGN_IN)
        with pytest.raises(Refusal) as refused:
            central.core.enrollment.verify_code(DEVICE, challenge, f"{guess:06d}")
        assert refused.value.reason is Reason.CODE_WRONG


@pytest.mark.parametrize("proof", ["", "x", "otp_x.aaaa", ".", "otp_x."])
def test_a_forged_proof_is_none(central: Central, proof: str) -> None:
    with pytest.raises(Refusal) as refused:
        central.core.enrollment.status(DEVICE, StatusQuestion("", proof))
    assert refused.value.reason is Reason.PHONE_PROOF


def test_a_proof_is_bound_to_number_purpose_device_and_half_an_hour(central: Central) -> None:
    proof = central.proof()
    for form, device in ((adult_form(proof, mobile=STRANGER), DEVICE), (adult_form(proof), OTHER_DEVICE)):
        with pytest.raises(Refusal) as refused:
            central.submit(form, device=device)
        assert refused.value.reason is Reason.PHONE_PROOF
    with pytest.raises(Refusal) as refused:
        central.core.members.identify(DEVICE, proof)
    assert refused.value.reason is Reason.PHONE_PROOF
    central.clock.advance(minutes=30)
    with pytest.raises(Refusal) as refused:
        central.submit(adult_form(proof))
    assert refused.value.reason is Reason.PHONE_PROOF
    assert central.count("application") == 0


def test_an_unverified_challenge_is_no_proof(central: Central) -> None:
    challenge = central.send_code()
    with pytest.raises(Refusal) as refused:
        central.submit(adult_form(central.base.handles.mint("phone_proof", challenge)))
    assert refused.value.reason is Reason.PHONE_PROOF


def test_the_code_is_nowhere_in_clear(central: Central) -> None:
    central.send_code()
    code = central.sent_code()
    central.database.write(lambda tx: None)
    stored = b"".join(str(value).encode() for table in ("ownership_code", "outbox_message", "audit_event") for value in central.rows(table))
    assert code.encode() not in stored
    assert b"13800138000" not in stored
