"""Codes that members show: refusals first, then that a good one is good for a minute and once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from server_stub.domain.actors import SystemActor
from server_stub.domain.member_code import MemberCode
from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import Refusal
from server_stub.jobs.housekeeping import Housekeeping
from server_stub.paper.member_code import SignedForm
from server_stub.storage.members import IdentifiedBy, change_member, member_by_id
from tests.support.central_service import ADMIN, DEVICE, OTHER_DEVICE, Central, CodeKeyOfTheTest

APP = SystemActor("app")
STRANGER = SignedForm(CodeKeyOfTheTest(seed=b"s" * 32))
RETIRED = SignedForm(CodeKeyOfTheTest(key_id=2))
OURS = SignedForm(CodeKeyOfTheTest())


@pytest.fixture
def number(central: Central) -> str:
    """Membership number of an active member."""
    joined = central.join().membership_number
    central.activate(central.member_id(joined))
    return joined


def code(central: Central, number: str) -> str:
    return central.core.codes.make_for(APP, number).text


def refused(call: Callable[[], object]) -> Reason:
    with pytest.raises(Refusal) as seen:
        call()
    return seen.value.reason


def show(central: Central, text: str, device: object = DEVICE) -> Reason:
    return refused(lambda: central.core.codes.identify(device, text))


def begun_by(central: Central, number: str, by: IdentifiedBy) -> str:
    return central.database.write(lambda tx: central.core.visits.begin(tx, member_by_id(tx, central.member_id(number)), DEVICE, by))


def actions(central: Central) -> list[str]:
    return [row["action"] for row in central.rows("audit_event")]


@pytest.mark.parametrize("text", ["", "HM1:", "https://example.org", "134567890123456789", "HR1:0", "\x00", "会员" * 70])
def test_what_is_no_member_code_begins_nothing(central: Central, text: str) -> None:
    assert show(central, text) is Reason.MEMBER_CODE_FORM
    assert central.count("visit") == 0


def test_a_code_that_somebody_else_signed_is_refused(central: Central, number: str) -> None:
    now = central.clock.now()
    forged = STRANGER.write(MemberCode(b"A" * 8, now, now + timedelta(seconds=60), b"nonc"))
    assert show(central, forged) is Reason.MEMBER_CODE_SIGNATURE
    assert show(central, RETIRED.write(MemberCode(b"A" * 8, now, now, b"nonc"))) is Reason.MEMBER_CODE_KEY


def test_a_photograph_fails_when_the_minute_is_over(central: Central, number: str) -> None:
    text = code(central, number)
    central.clock.advance(seconds=59)
    kept = code(central, number)
    central.clock.advance(seconds=1)
    assert show(central, text) is Reason.MEMBER_CODE_EXPIRED
    assert central.core.codes.identify(DEVICE, kept).name_masked == "欧阳**"


@pytest.mark.parametrize(("ahead_s", "reason"), [(31, Reason.MEMBER_CODE_FUTURE), (30, None)])
def test_half_a_minute_of_difference_is_allowed_ahead_and_none_behind(
    central: Central, number: str, ahead_s: int, reason: Reason | None
) -> None:
    central.clock.advance(seconds=ahead_s)
    text = code(central, number)
    central.clock.advance(seconds=-ahead_s)
    if reason is None:
        assert central.core.codes.identify(DEVICE, text).visit_token
    else:
        assert show(central, text) is reason


@pytest.mark.parametrize("second", [DEVICE, OTHER_DEVICE])
def test_a_second_time_is_refused_and_head_office_hears_of_it(central: Central, number: str, second: object) -> None:
    text = code(central, number)
    central.core.codes.identify(DEVICE, text)
    central.clock.advance(seconds=5)
    assert show(central, text, second) is Reason.MEMBER_CODE_USED
    event = next(row for row in central.rows("audit_event") if row["action"] == "alert.member_code_replayed")
    assert event["detail"] == {"first_at": "K03", "seconds_after": 5}
    assert text not in str(central.rows("audit_event"))
    assert central.count("visit") == 1


@pytest.mark.tampers
def test_a_code_of_nobody_and_of_a_suspended_member_let_nobody_in(central: Central, number: str) -> None:
    now = central.clock.now()
    assert show(central, OURS.write(MemberCode(b"A" * 8, now, now + timedelta(seconds=60), b"nonc"))) is Reason.MEMBER_UNKNOWN
    text = code(central, number)
    member_id = central.member_id(number)
    central.database.write(lambda tx: change_member(tx, member_by_id(tx, member_id), {"state": "SUSPENDED"}))
    assert show(central, text) is Reason.MEMBER_INACTIVE
    assert refused(lambda: code(central, number)) is Reason.MEMBER_INACTIVE
    assert refused(lambda: code(central, "8800000000000000")) is Reason.MEMBER_UNKNOWN


def test_the_sixth_bad_code_in_a_minute_locks_that_device_for_half_a_minute(central: Central, number: str) -> None:
    for _ in range(5):
        assert show(central, "x") is Reason.MEMBER_CODE_FORM
        central.clock.advance(seconds=2)
    assert show(central, "x") is Reason.MEMBER_CODE_LOCKED
    with pytest.raises(Refusal) as seen:
        central.core.codes.identify(DEVICE, code(central, number))
    assert (seen.value.reason, seen.value.refused.retry_after_s) == (Reason.MEMBER_CODE_LOCKED, 30)
    assert actions(central).count("alert.member_code_lock") == 1
    assert central.core.codes.identify(OTHER_DEVICE, code(central, number)).visit_token
    central.clock.advance(seconds=30)
    assert show(central, "x") is Reason.MEMBER_CODE_FORM, "the lock has paid for what came before it"
    assert central.core.codes.identify(DEVICE, code(central, number)).visit_token


def test_six_bad_codes_in_more_than_a_minute_lock_nothing(central: Central) -> None:
    for _ in range(12):
        assert show(central, "x") is Reason.MEMBER_CODE_FORM
        central.clock.advance(seconds=13)


def test_what_a_device_refuses_by_itself_counts_as_well(central: Central) -> None:
    report = central.core.codes.report_refused
    for _ in range(5):
        assert report(DEVICE, Reason.MEMBER_CODE_SIGNATURE) == timedelta(0)
    assert report(DEVICE, Reason.MEMBER_CODE_FORM) == timedelta(seconds=30)
    assert show(central, "x") is Reason.MEMBER_CODE_LOCKED
    for reason in (None, Reason.MEMBER_CODE_USED, Reason.SERVICE_FAULT):
        assert refused(lambda reason=reason: report(DEVICE, reason)) is Reason.REQUEST_MALFORMED


def test_staff_make_no_codes_and_nobody_without_a_visit_sees_one(central: Central, number: str) -> None:
    assert refused(lambda: central.core.codes.make_for(ADMIN, number)) is Reason.NOT_PERMITTED
    assert refused(lambda: central.core.codes.make_for(DEVICE, number)) is Reason.NOT_PERMITTED
    assert refused(lambda: central.core.codes.show(DEVICE, "vis_1.aaaa")) is Reason.VISIT_OVER


def test_a_member_shows_their_own_code_and_each_is_another_one(central: Central, number: str) -> None:
    visit = begun_by(central, number, IdentifiedBy.CARD)
    first, second = central.core.codes.show(DEVICE, visit), central.core.codes.show(DEVICE, visit)
    assert first.text != second.text
    assert first.refresh_after == timedelta(seconds=30)
    assert first.text not in repr(first)
    assert number not in first.text
    for shown in (first, second):
        assert central.core.codes.identify(OTHER_DEVICE, shown.text).name_masked == "欧阳**"
    assert central.count("member_alias") == 1


@pytest.mark.parametrize("by", [IdentifiedBy.CODE, IdentifiedBy.RECEIPT])
def test_what_was_shown_or_lies_about_makes_no_code_of_its_own(central: Central, number: str, by: IdentifiedBy) -> None:
    """Else a lost card would go on from code to code, and a receipt would spend as a code does."""
    visit = begun_by(central, number, by)
    assert refused(lambda: central.core.codes.show(DEVICE, visit)) is Reason.HOLDER_PROOF
    assert central.count("member_alias") == 0
    assert central.core.codes.identify(DEVICE, code(central, number)).visit_token, "the member's own app goes on"


@pytest.mark.parametrize("by", [IdentifiedBy.PHONE, IdentifiedBy.CARD, IdentifiedBy.ISSUE])
def test_other_visits_make_codes_that_prove_no_more_than_a_card_does(central: Central, number: str, by: IdentifiedBy) -> None:
    visit = begun_by(central, number, by)
    taken = central.core.codes.identify(OTHER_DEVICE, central.core.codes.show(DEVICE, visit).text)
    running = central.database.read(lambda tx: central.core.visits.running(tx, taken.visit_token, OTHER_DEVICE))
    assert (running.visit.identified_by, running.is_holder_proved) == (IdentifiedBy.CODE, False)


def test_the_public_keys_come_once(central: Central) -> None:
    keys = central.core.codes.keys(DEVICE, "")
    assert keys.keys == CodeKeyOfTheTest().public_keys
    assert central.core.codes.keys(DEVICE, keys.version).keys == {}
    assert central.core.codes.keys(DEVICE, "older").keys == keys.keys


def test_traces_of_codes_go_after_a_day(central: Central, number: str) -> None:
    central.core.codes.identify(DEVICE, code(central, number))
    show(central, "x")
    job = Housekeeping(central.base, central.core.ledger.accounts)
    central.clock.advance(hours=23)
    assert job.run().member_codes == 0
    central.clock.advance(hours=2)
    assert job.run().member_codes == 2
    assert (central.count("used_member_code"), central.count("refused_member_code")) == (0, 0)
