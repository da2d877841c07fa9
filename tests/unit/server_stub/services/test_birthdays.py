"""Birthdays and their gifts on a real database: what is refused, once a year whatever happens, who is told, what is kept."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy.exc import IntegrityError

from server_stub.domain.actors import SystemActor
from server_stub.domain.awaits import Awaits
from server_stub.domain.birthday import AgeBand, ProofLevel
from server_stub.domain.coupons import CouponState, Terms
from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import Refusal
from server_stub.jobs.birthday_gifts import BirthdayGifts
from server_stub.services.birthdays import Correction, GiftStanding, GiftState
from server_stub.services.coupons import Gift, give
from server_stub.storage.codes import CodePurpose
from server_stub.storage.members import IdentifiedBy, MemberState, change_member, member_by_id, member_by_number
from tests.support.central_service import ADMIN, DEVICE, LI, MOBILE, OTHER_DEVICE, Central, adult_form, merging

if TYPE_CHECKING:
    from collections.abc import Callable

# 00:00 in Shanghai on 5 May is 16:00 UTC of the day before.
MIDNIGHT = datetime(2026, 5, 4, 16, 0, tzinfo=UTC)
JOINED = datetime(2026, 3, 1, 2, 0, tzinfo=UTC)
WHY = "saw the ID card"


def refusal_of(work: Callable[..., object], *arguments: object) -> Reason | None:
    try:
        work(*arguments)
    except Refusal as refusal:
        return refusal.reason
    return None


def member(central: Central, *, joined: datetime = JOINED, active: bool = True, **fields: Any) -> str:
    """A member born on 5 May 1990 who joined in March, unless said otherwise."""
    central.clock.moment = joined
    fields = {"birthday": "1990-05-05", "birthday_proof": ProofLevel.STATED, **fields}
    number = central.join(**fields).membership_number
    if active:
        central.activate(central.member_id(number))
    return number


def visit(central: Central, mobile: str = MOBILE) -> str:
    return central.core.members.identify(DEVICE, central.proof(mobile, CodePurpose.SIGN_IN)).visit_token


def ask(central: Central, mobile: str = MOBILE) -> Any:
    token = visit(central, mobile)
    return central.core.birthdays.ask_own(DEVICE, central.envelope(), token)


def change(central: Central, birthday: str) -> bool:
    token = visit(central)
    return central.core.birthdays.change_own(DEVICE, central.envelope(), token, birthday)


def job(central: Central) -> int:
    return BirthdayGifts(central.core.birthdays, batch=2).run()


def gifts(central: Central) -> list[dict[str, Any]]:
    return [row for row in central.rows("coupon") if row["cause"].startswith("birthday:")]


def test_who_is_no_kiosk_and_no_job_gives_nothing(central: Central) -> None:
    member(central)
    birthdays = central.core.birthdays
    assert refusal_of(birthdays.ask_own, LI, central.envelope(), "v") is Reason.NOT_PERMITTED
    assert refusal_of(birthdays.change_own, LI, central.envelope(), "v", "1990-05-05") is Reason.NOT_PERMITTED
    correction = Correction("1", "1990-05-05", ProofLevel.DESK, WHY)
    for actor in (DEVICE, ADMIN, SystemActor("birthdays")):
        assert refusal_of(birthdays.correct, actor, central.envelope(), correction) is Reason.NOT_PERMITTED
    assert refusal_of(BirthdayGifts(birthdays).run, LI) is Reason.NOT_PERMITTED


def test_another_devices_visit_changes_and_asks_nothing(central: Central) -> None:
    member(central)
    token = visit(central)
    for work in (central.core.birthdays.ask_own, lambda *a: central.core.birthdays.change_own(*a, "1991-05-05")):
        assert refusal_of(work, OTHER_DEVICE, central.envelope(), token) is Reason.VISIT_OVER


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("5 May", Reason.BIRTHDAY_NOT_A_DATE),
        ("2026-02-29", Reason.BIRTHDAY_NOT_A_DATE),
        ("2027-01-01", Reason.BIRTHDAY_IMPOSSIBLE),
        ("2010-05-05", Reason.BIRTHDAY_AGE_BAND),
    ],
)
def test_what_is_no_birthday_of_this_member_is_refused_and_nothing_is_kept(central: Central, typed: str, reason: Reason) -> None:
    member(central)
    token = visit(central)
    before = {table: central.rows(table) for table in ("person", "birthday_record", "request_log", "audit_event")}
    assert refusal_of(central.core.birthdays.change_own, DEVICE, central.envelope(), token, typed) is reason
    assert {table: central.rows(table) for table in before} == before


@pytest.mark.parametrize("by", [by for by in IdentifiedBy if by is not IdentifiedBy.PHONE])
def test_whoever_found_the_card_or_a_slip_uses_up_nobodys_change(central: Central, by: IdentifiedBy) -> None:
    found = central.database.read(lambda tx: member_by_id(tx, central.member_id(member(central))))
    token, before = (
        central.database.write(lambda tx: central.core.members.begin_visit(tx, found, DEVICE, by)).visit_token,
        central.count("birthday_record"),
    )
    assert refusal_of(central.core.birthdays.change_own, DEVICE, central.envelope(), token, "1991-05-05") is Reason.HOLDER_PROOF
    assert central.count("birthday_record") == before


def test_a_birthday_changes_once(central: Central) -> None:
    member(central)
    assert change(central, "1990-05-05") is False
    assert change(central, "1990-05-06") is True
    assert change(central, "1990-05-06") is False
    assert refusal_of(change, central, "1990-05-05") is Reason.BIRTHDAY_LOCKED
    assert [row["action"] for row in central.rows("audit_event")].count("birthday.changed") == 1


def test_a_proved_birthday_is_changed_at_the_desk_only_and_once(central: Central) -> None:
    number = member(central)
    correct = central.core.birthdays.correct
    assert correct(LI, central.envelope(), Correction(number, "1990-05-05", ProofLevel.DOCUMENT, WHY)) is True
    assert refusal_of(change, central, "1990-05-06") is Reason.BIRTHDAY_LOCKED
    assert correct(LI, central.envelope(), Correction(number, "1990-05-06", ProofLevel.DESK, WHY)) is True
    again = Correction(number, "1990-05-07", ProofLevel.DESK, WHY)
    assert refusal_of(correct, LI, central.envelope(), again) is Reason.BIRTHDAY_LOCKED
    assert refusal_of(correct, LI, central.envelope(), Correction("0" * 16, "1990-05-07", ProofLevel.DESK, WHY)) is Reason.MEMBER_UNKNOWN
    stated = Correction(number, "1990-05-07", ProofLevel.STATED, WHY)
    assert refusal_of(correct, LI, central.envelope(), stated) is Reason.REQUEST_MALFORMED


def test_the_desk_mends_once_what_the_member_changed(central: Central) -> None:
    number = member(central)
    change(central, "1990-05-06")
    correct = central.core.birthdays.correct
    assert correct(LI, central.envelope(), Correction(number, "1990-05-07", ProofLevel.DOCUMENT, WHY)) is True
    again = Correction(number, "1990-05-08", ProofLevel.DOCUMENT, WHY)
    assert refusal_of(correct, LI, central.envelope(), again) is Reason.BIRTHDAY_LOCKED
    assert refusal_of(change, central, "1990-05-05") is Reason.BIRTHDAY_LOCKED
    # Hunting by changing the day is as vain at the desk: the gift of the new one begins next year.
    central.clock.moment = MIDNIGHT + timedelta(days=2)
    assert refusal_of(ask, central) is Reason.BIRTHDAY_CHANGED_THIS_YEAR


@pytest.mark.parametrize("why", ["", " ", "x" * 201])
def test_the_desk_says_why(central: Central, why: str) -> None:
    number, correct = member(central), central.core.birthdays.correct
    correction = Correction(number, "1990-05-06", ProofLevel.DESK, why)
    assert refusal_of(correct, LI, central.envelope(), correction) is Reason.REQUEST_MALFORMED
    correct(LI, central.envelope(), replace(correction, reason=WHY))
    assert [row["detail"]["reason"] for row in central.rows("audit_event") if row["action"] == "birthday.changed"] == [WHY]


@pytest.mark.tampers
def test_nobody_mends_the_birthday_of_a_membership_that_ended(central: Central) -> None:
    number, correct = member(central), central.core.birthdays.correct
    central.database.write(lambda tx: change_member(tx, member_by_number(tx, number), {"state": MemberState.CLOSED}))
    correction = Correction(number, "1990-05-06", ProofLevel.DESK, WHY)
    assert refusal_of(correct, LI, central.envelope(), correction) is Reason.MEMBER_INACTIVE


def test_a_better_proof_of_the_same_day_is_no_change_and_raises_the_gift(central: Central) -> None:
    number = member(central)
    central.core.birthdays.correct(LI, central.envelope(), Correction(number, "1990-05-05", ProofLevel.DOCUMENT, WHY))
    central.clock.moment = MIDNIGHT
    assert ask(central).value_fen == 2000


def test_a_changed_birthday_is_found_as_a_double_and_by_its_new_day(central: Central) -> None:
    member(central)
    before = {row["match_key"] for row in central.rows("person_match_key")}
    change(central, "1991-06-07")
    after = {row["match_key"] for row in central.rows("person_match_key")}
    assert after
    assert before.isdisjoint(after)
    central.clock.moment = datetime(2027, 6, 7, 2, 0, tzinfo=UTC)
    assert job(central) == 1


def test_the_gift_opens_at_midnight_in_shanghai(central: Central) -> None:
    member(central)
    central.clock.moment = MIDNIGHT.replace(hour=15, minute=58)
    assert job(central) == 0
    assert refusal_of(ask, central) is Reason.BIRTHDAY_NOT_NOW
    central.clock.moment = MIDNIGHT
    assert job(central) == 1
    assert gifts(central)[0]["valid_from"].isoformat() == "2026-05-05"


def test_the_job_and_the_member_give_one_gift_between_them(central: Central) -> None:
    member(central)
    central.clock.moment = MIDNIGHT
    told = ask(central)
    assert (told.value_fen, told.valid_until) == (500, "2026-06-03")
    assert job(central) == 0
    assert refusal_of(ask, central) is Reason.BIRTHDAY_GIFT_TAKEN
    assert len(gifts(central)) == 1


def test_the_same_request_has_the_same_gift(central: Central) -> None:
    member(central)
    central.clock.moment = MIDNIGHT
    token, envelope = visit(central), central.envelope()
    first = central.core.birthdays.ask_own(DEVICE, envelope, token)
    assert central.core.birthdays.ask_own(DEVICE, envelope, token) == first


def test_of_twenty_who_ask_at_once_one_gets_it(central: Central) -> None:
    member(central)
    central.clock.moment = MIDNIGHT
    token = visit(central)
    envelopes = [central.envelope() for _ in range(20)]
    with ThreadPoolExecutor(8) as pool:
        outcomes = Counter(pool.map(lambda e: refusal_of(central.core.birthdays.ask_own, DEVICE, e, token), envelopes))
    assert outcomes == {None: 1, Reason.BIRTHDAY_GIFT_TAKEN: 19}


def test_the_database_itself_refuses_a_second_gift_of_a_year(central: Central) -> None:
    member(central)
    central.clock.moment = MIDNIGHT
    ask(central)
    row = gifts(central)[0]
    terms = Terms(500, 0, row["valid_from"], row["valid_until"])
    with pytest.raises(IntegrityError):
        central.database.write(lambda tx: give(tx, Gift("cpn_other", row["member_id"], terms, cause="birthday:2026")))


def test_a_clock_that_is_set_back_or_forward_gives_no_year_twice(central: Central) -> None:
    member(central)
    for moment, given in (
        (MIDNIGHT, 1),
        (MIDNIGHT.replace(day=3), 0),
        (MIDNIGHT, 0),
        # By mistake a year ahead, and right again: the gift of 2027 is gone when 2027 comes.
        (MIDNIGHT.replace(year=2027), 1),
        (MIDNIGHT, 0),
        (MIDNIGHT.replace(year=2027), 0),
        # Before the member had joined.
        (MIDNIGHT.replace(year=2025), 0),
        (MIDNIGHT.replace(year=2028), 1),
    ):
        central.clock.moment = moment
        assert job(central) == given, moment
    assert sorted(row["cause"] for row in gifts(central)) == ["birthday:2026", "birthday:2027", "birthday:2028"]


def test_changed_this_year_means_next_year_for_the_job_and_the_member(central: Central) -> None:
    member(central, birthday="1990-07-01")
    change(central, "1990-05-05")
    central.clock.moment = MIDNIGHT
    assert job(central) == 0
    assert refusal_of(ask, central) is Reason.BIRTHDAY_CHANGED_THIS_YEAR
    central.clock.moment = MIDNIGHT.replace(year=2027)
    assert job(central) == 1


def test_told_on_the_day_itself_waits_for_next_year(central: Central) -> None:
    member(central, birthday="", birthday_proof=ProofLevel.UNSPECIFIED)
    central.clock.moment = MIDNIGHT
    assert refusal_of(ask, central) is Reason.BIRTHDAY_MISSING
    change(central, "1990-05-05")
    assert refusal_of(ask, central) is Reason.BIRTHDAY_TOO_NEW
    assert job(central) == 0
    central.clock.moment = MIDNIGHT.replace(year=2027)
    assert job(central) == 1


def test_joined_on_the_birthday_waits_for_next_year(central: Central) -> None:
    member(central, joined=MIDNIGHT)
    assert refusal_of(ask, central) is Reason.BIRTHDAY_TOO_NEW
    assert job(central) == 0


def test_born_on_29_february_is_found_on_the_28th_of_a_common_year(central: Central) -> None:
    member(central, birthday="2000-02-29")
    for moment, given in ((datetime(2027, 2, 27, 17, 0, tzinfo=UTC), 1), (datetime(2028, 2, 27, 17, 0, tzinfo=UTC), 0)):
        central.clock.moment = moment
        assert job(central) == given
    central.clock.moment = datetime(2028, 2, 28, 17, 0, tzinfo=UTC)
    assert job(central) == 1


def test_before_the_card_is_active_the_gift_waits_for_it(central: Central) -> None:
    number = member(central, active=False)
    central.clock.moment = MIDNIGHT
    assert job(central) == 1
    assert [(row["state"], row["awaits"]) for row in gifts(central)] == [(CouponState.ISSUED, Awaits.CARD_ACTIVATION)]
    central.activate(central.member_id(number))
    assert [(row["state"], row["awaits"]) for row in gifts(central)] == [(CouponState.CLAIMED, Awaits.NOTHING)]


def test_suspended_members_get_nothing_until_they_are_back(central: Central) -> None:
    member(central)
    central.database.write(lambda tx: tx.connection.exec_driver_sql("UPDATE member SET state = 'SUSPENDED'"))
    central.clock.moment = MIDNIGHT
    assert job(central) == 0
    central.database.write(lambda tx: tx.connection.exec_driver_sql("UPDATE member SET state = 'ACTIVE'"))
    assert job(central) == 1


@pytest.mark.tampers
def test_after_a_merge_one_gift_of_the_year_is_enough(central: Central) -> None:
    first = central.member_id(member(central))
    second = central.member_id(member(central, mobile="13900139000", name="王小明"))
    central.clock.moment = MIDNIGHT
    ask(central)
    central.database.write(lambda tx: central.core.coupons.move(tx, merging(central), "x1", (first, second)))
    assert job(central) == 0
    assert refusal_of(ask, central, "13900139000") is Reason.BIRTHDAY_GIFT_TAKEN


def told(central: Central) -> list[dict[str, str]]:
    return [dict(payload.variables) for template, payload in central.messages() if template == "birthday_gift"]


def test_an_adult_is_told_once(central: Central) -> None:
    member(central)
    central.clock.moment = MIDNIGHT
    job(central)
    job(central)
    assert told(central) == [{"name": "欧阳建国", "value": "5", "minimum": "30", "until": "2026-06-03"}]


def test_a_minor_gets_the_gift_but_no_message_and_no_wine(central: Central) -> None:
    central.clock.moment = JOINED
    number = join_minor(central)
    central.core.birthdays.correct(LI, central.envelope(), Correction(number, "2010-05-05", ProofLevel.DOCUMENT, WHY))
    central.clock.moment = MIDNIGHT
    assert job(central) == 1
    assert gifts(central)[0]["definition"] == "birthday_cake_20"
    assert told(central) == []


def join_minor(central: Central) -> str:
    from server_stub.domain.language import Language
    from server_stub.domain.notices import load_notices

    notice = load_notices().get(Language.ZH_HANS, AgeBand.FROM_14_TO_17)
    form = adult_form(
        central.proof(),
        age_band=AgeBand.FROM_14_TO_17,
        notice_sha256=notice.text_sha256,
        birthday="2010-05-05",
        birthday_proof=ProofLevel.STATED,
    )
    return central.submit(form).membership_number


def test_the_record_tells_no_date_in_clear(central: Central) -> None:
    member(central)
    job(central)
    record = central.rows("birthday_record")[0]
    assert len(record["day_token"]) == 32
    assert b"05-05" not in record["day_token"]
    central.database.write(lambda tx: central.base.people.erase(tx, record["person_id"]))
    assert central.count("birthday_record") == 0


def test_many_members_are_noted_and_given_in_batches(central: Central) -> None:
    for number in range(5):
        member(central, mobile=f"1390013900{number}", name="赵钱孙李周"[number] + "小明", joined=JOINED)
    central.clock.moment = MIDNIGHT
    assert job(central) == 5
    assert len({row["member_id"] for row in gifts(central)}) == 5


def test_how_it_stands_with_the_gift_is_told_without_giving_it(central: Central) -> None:
    member(central)
    birthdays, token = central.core.birthdays, visit(central)
    assert refusal_of(birthdays.own_standing, OTHER_DEVICE, token) is Reason.VISIT_OVER
    assert birthdays.own_standing(DEVICE, token) == GiftStanding(GiftState.CLOSED, reason=Reason.BIRTHDAY_NOT_NOW)
    central.clock.moment = MIDNIGHT
    before = central.count("coupon")
    standing = birthdays.own_standing(DEVICE, visit(central))
    assert standing.state is GiftState.OPEN
    assert standing.gift is not None
    assert (standing.gift.value_fen, standing.gift.valid_until) == (500, "2026-06-03")
    assert central.count("coupon") == before
    given = ask(central)
    assert birthdays.own_standing(DEVICE, visit(central)) == GiftStanding(GiftState.GIVEN, given)


def test_who_told_no_birthday_is_told_so(central: Central) -> None:
    member(central, birthday="", birthday_proof=ProofLevel.UNSPECIFIED)
    assert central.core.birthdays.own_standing(DEVICE, visit(central)).reason is Reason.BIRTHDAY_MISSING
