"""Referrals on a real database: guards that keep their reason, both rewarded once, and taken back with the goods."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from server_stub.domain.actors import SystemActor
from server_stub.domain.address import PostalAddress
from server_stub.domain.ledger_commands import MergeMembers, RecordReturn, RecordSale, Redeem, ReturnLine, SaleLine, UnmergeMembers
from server_stub.domain.program.parameters import Parameters
from server_stub.domain.reasons import Reason
from server_stub.domain.referral import ReferralState
from server_stub.domain.refusals import Refusal
from server_stub.jobs.referral_rewards import ReferralRewards
from server_stub.services.enrollment.submission import SubmitCommand
from server_stub.storage.codes import CodePurpose
from server_stub.storage.tables.people import person
from tests.support.central_service import DEVICE, LI, MOBILE, OTHER_DEVICE, Central, adult_form, consenting

if TYPE_CHECKING:
    from collections.abc import Callable

TILL = SystemActor("till")
FRIENDS = ("13900139000", "13900139001", "13900139002", "13900139003")
NAMES = ("赵一鸣", "钱多多", "孙行健", "李清照")


def refusal_of(work: Callable[..., object], *arguments: object) -> Reason | None:
    try:
        work(*arguments)
    except Refusal as refusal:
        return refusal.reason
    return None


def visit(central: Central, mobile: str = MOBILE) -> str:
    return central.core.members.identify(DEVICE, central.proof(mobile, CodePurpose.SIGN_IN)).visit_token


def referrer(central: Central, **fields: Any) -> tuple[str, str]:
    """A member and the code that they give away."""
    central.core.ledger.programme.publish(TILL, "test", Parameters(), central.clock.now())
    member_id = central.member_id(central.join(**fields).membership_number)
    central.activate(member_id)
    return member_id, central.core.referrals.own_code(DEVICE, visit(central))


def apply(central: Central, code: str, number: int = 0, **fields: Any) -> str:
    """A friend who joins with a code; returns the member's id."""
    form = adult_form(central.proof(FRIENDS[number]), mobile=FRIENDS[number], name=NAMES[number], **fields)
    submitted = central.core.enrollment.submit(DEVICE, central.envelope(), SubmitCommand(form, referral_code=code))
    return central.member_id(submitted.membership_number)


def referral(central: Central) -> tuple[str, str]:
    return [(row["state"], row["reason"]) for row in central.rows("referral")][-1]


def buy(central: Central, member_id: str, sale_id: str = "s1", fen: int = 5000, qty: int = 1) -> None:
    command = RecordSale(sale_id, "S01", (SaleLine("sku", "food", qty, fen // qty),), member_id=member_id)
    central.core.ledger.sales.record(TILL, central.envelope(), command)


def bring_back(central: Central, sale_id: str = "s1", lines: tuple[ReturnLine, ...] | None = None) -> None:
    central.core.ledger.returns.record(TILL, central.envelope(), RecordReturn(f"r-{sale_id}", sale_id, lines))


def job(central: Central, days: float = 0) -> int:
    central.clock.advance(days=days)
    return ReferralRewards(central.core.referrals, batch=1).run()


def points(central: Central, member_id: str) -> tuple[int, int]:
    standing = central.core.ledger.accounts.view(TILL, member_id).standing
    return standing.available, standing.debt


def entries(central: Central) -> list[tuple[str, int]]:
    return [(row["kind"], row["points"]) for row in central.rows("points_entry") if row["cause"].startswith("referral:")]


def is_proved(central: Central) -> bool:
    rows = central.rows("points_account")
    sums = {row["account_id"]: 0 for row in rows}
    for entry in central.rows("points_entry"):
        sums[entry["account_id"]] += entry["points"]
    return all(sums[r["account_id"]] == r["available"] + r["pending"] + r["held"] - r["debt"] for r in rows)


def test_who_is_no_kiosk_and_no_job_does_nothing(central: Central) -> None:
    referrals = central.core.referrals
    assert refusal_of(referrals.own_code, LI, "v") is Reason.NOT_PERMITTED
    assert refusal_of(referrals.attach_own, LI, central.envelope(), "v", "R") is Reason.NOT_PERMITTED
    assert refusal_of(ReferralRewards(referrals).run, LI) is Reason.NOT_PERMITTED


def test_a_code_belongs_to_the_visit_of_its_member_and_stays(central: Central) -> None:
    _, code = referrer(central)
    token = visit(central)
    assert central.core.referrals.own_code(DEVICE, token) == code
    assert refusal_of(central.core.referrals.own_code, OTHER_DEVICE, token) is Reason.VISIT_OVER
    assert central.count("referral_code") == 1


@pytest.mark.parametrize("typed", ["R00000000", "x", "R 1"])
def test_an_unknown_code_refuses_the_application_and_nothing_is_stored(central: Central, typed: str) -> None:
    referrer(central)
    form = adult_form(central.proof(FRIENDS[0]), mobile=FRIENDS[0], name=NAMES[0])
    before = {table: central.rows(table) for table in ("application", "person", "referral", "request_log")}
    envelope = central.envelope()
    with pytest.raises(Refusal) as refused:
        central.core.enrollment.submit(DEVICE, envelope, SubmitCommand(form, referral_code=typed))
    assert [(f.field, f.reason) for f in refused.value.refused.findings] == [("referral_code", Reason.REFERRAL_CODE_UNKNOWN)]
    assert {table: central.rows(table) for table in before} == before
    assert central.core.enrollment.submit(DEVICE, envelope, SubmitCommand(form)).membership_number


@pytest.mark.tampers
def test_the_code_of_who_is_no_longer_a_member_is_unknown(central: Central) -> None:
    _, code = referrer(central)
    central.database.write(lambda tx: tx.connection.exec_driver_sql("UPDATE member SET state = 'CLOSED'"))
    assert refusal_of(apply, central, code) is Reason.REFERRAL_CODE_UNKNOWN


def test_a_typed_code_counts_as_it_was_meant(central: Central) -> None:
    _, code = referrer(central)
    apply(central, f" {code[:5].lower()}-{code[5:]} ")
    assert referral(central) == ("PENDING", "")


def test_one_address_brings_no_reward_and_joining_goes_on(central: Central) -> None:
    address = PostalAddress("330000", "330100", "330106", "文三路 100 号 2 幢 301 室", "310012")
    kept: dict[str, Any] = {"address": address, "consents": consenting("mail")}
    _, code = referrer(central, **kept)
    assert apply(central, code, **kept)
    assert referral(central) == ("VOID", "REFERRAL_SAME_ADDRESS")


def test_one_mail_address_is_one_person(central: Central) -> None:
    _, code = referrer(central, email="ouyang@example.com")
    apply(central, code, email="Ouyang@example.com")
    assert referral(central) == ("VOID", "REFERRAL_SELF")


def test_one_id_number_is_one_person_whatever_name_and_phone(central: Central) -> None:
    """A desk that took the number of an ID card knows a second membership that phone and mail do not show."""
    _, code = referrer(central)
    apply(central, "")
    token = central.base.tokens.id_number("11010519491231002X")
    central.database.write(lambda tx: tx.connection.execute(update(person).values(id_token=token)))
    view = central.core.referrals.attach_own(DEVICE, central.envelope(), visit(central, FRIENDS[0]), code)
    assert (view.state, view.reason) == (ReferralState.VOID, "REFERRAL_SELF")


def test_members_cannot_refer_themselves_afterwards(central: Central) -> None:
    _, code = referrer(central)
    view = central.core.referrals.attach_own(DEVICE, central.envelope(), visit(central), code)
    assert (view.state, view.reason) == (ReferralState.VOID, "REFERRAL_SELF")


def test_too_many_at_one_device_bring_no_more_rewards_for_a_week(central: Central) -> None:
    _, code = referrer(central)
    for number in range(4):
        apply(central, code, number)
    assert [row["reason"] for row in central.rows("referral")] == ["", "", "", "REFERRAL_SAME_DEVICE"]


@pytest.mark.parametrize(("after", "reason"), [({"days": 6, "hours": 23}, "REFERRAL_SAME_DEVICE"), ({"days": 7, "minutes": 1}, "")])
def test_what_a_device_brought_counts_for_a_week(central: Central, after: dict[str, float], reason: str) -> None:
    _, code = referrer(central)
    for number in range(3):
        apply(central, code, number)
    central.clock.advance(**after)
    assert [row["reason"] for row in central.rows("referral")] == ["", "", ""]
    apply(central, code, 3)
    assert sorted(row["reason"] for row in central.rows("referral")) == ["", "", "", reason]


def test_a_code_after_joining_brings_nothing_and_its_reason_is_kept(central: Central) -> None:
    """Row 18: also in the minute after joining, with nothing bought yet."""
    _, code = referrer(central)
    member_id, envelope, token = apply(central, ""), central.envelope(), visit(central, FRIENDS[0])
    late = central.core.referrals.attach_own(DEVICE, envelope, token, code)
    assert (late.state, late.reason) == (ReferralState.VOID, "REFERRAL_TOO_LATE")
    assert central.core.referrals.attach_own(DEVICE, envelope, token, code) == late
    buy(central, member_id)
    job(central, 15)
    assert (referral(central), entries(central)) == (("VOID", "REFERRAL_TOO_LATE"), [])


def test_a_second_code_after_joining_leaves_the_first_one_as_it_is(central: Central) -> None:
    _, code = referrer(central)
    apply(central, code)
    second = central.core.referrals.attach_own(DEVICE, central.envelope(), visit(central, FRIENDS[0]), code)
    assert (second.state, second.reason) == (ReferralState.VOID, "REFERRAL_SECOND_CODE")
    assert sorted(row["state"] for row in central.rows("referral")) == ["PENDING", "VOID"]


def test_the_database_itself_refuses_two_referrals_that_count(central: Central) -> None:
    _, code = referrer(central)
    apply(central, code)
    apply(central, code, 1)
    one, other = (row["application_id"] for row in central.rows("referral"))
    text = f"UPDATE referral SET application_id = '{one}' WHERE application_id = '{other}'"
    with pytest.raises(IntegrityError):
        central.database.write(lambda tx: tx.connection.exec_driver_sql(text))


def test_both_are_rewarded_once_after_the_days_of_return(central: Central) -> None:
    bringer, code = referrer(central)
    friend = apply(central, code)
    buy(central, friend, "small", 4999)
    assert job(central) == 0
    buy(central, friend)
    before = points(central, bringer), points(central, friend)
    assert job(central) == 1
    assert referral(central) == ("QUALIFIED", "")
    assert job(central, days=14) == 0
    assert job(central, days=1) == 1
    assert job(central) == 0
    assert entries(central) == [("ACCRUAL", 500), ("ACCRUAL", 200)]
    gained = points(central, bringer)[0] - before[0][0], points(central, friend)[0] - before[1][0]
    assert gained == (500, 200)
    assert is_proved(central)


def test_goods_that_come_back_in_time_leave_the_next_sale_to_count(central: Central) -> None:
    _, code = referrer(central)
    friend = apply(central, code)
    buy(central, friend)
    job(central)
    bring_back(central)
    assert job(central, days=15) == 1
    assert referral(central) == ("PENDING", "")
    buy(central, friend, "s2")
    job(central)
    assert job(central, days=15) == 1
    assert central.rows("referral")[0]["sale_id"] == "s2"
    assert entries(central) == [("ACCRUAL", 500), ("ACCRUAL", 200)]


def test_a_return_after_the_reward_takes_it_back_from_both_and_only_once(central: Central) -> None:
    bringer, code = referrer(central)
    friend = apply(central, code)
    buy(central, friend, qty=2)
    job(central, days=15)
    held = points(central, bringer)[0]
    central.core.ledger.redemptions.redeem(TILL, central.envelope(), Redeem("rd1", bringer, points=held))
    bring_back(central, lines=(ReturnLine(1, 1),))
    assert job(central) == 1
    assert referral(central) == ("VOID", "REFERRAL_SALE_RETURNED")
    assert entries(central) == [("ACCRUAL", 500), ("ACCRUAL", 200), ("ACCRUAL_REVERSAL", -500), ("ACCRUAL_REVERSAL", -200)]
    # What was spent meanwhile is owed.
    assert points(central, bringer) == (0, 500)
    assert job(central) == 0
    assert is_proved(central)


def test_a_return_after_half_a_year_takes_nothing_back(central: Central) -> None:
    _, code = referrer(central)
    friend = apply(central, code)
    buy(central, friend)
    job(central, days=15)
    central.clock.advance(days=166)
    bring_back(central)
    assert job(central) == 0
    assert referral(central) == ("REWARDED", "")


def test_without_a_purchase_it_lapses(central: Central) -> None:
    _, code = referrer(central)
    friend = apply(central, code)
    assert job(central, days=89) == 0
    assert job(central, days=1) == 1
    assert referral(central) == ("VOID", "REFERRAL_LAPSED")
    buy(central, friend)
    assert job(central, days=20) == 0
    assert entries(central) == []


def test_a_job_that_stood_still_takes_all_steps_at_once(central: Central) -> None:
    _, code = referrer(central)
    friend = apply(central, code)
    buy(central, friend)
    assert job(central, days=120) == 1
    assert referral(central) == ("REWARDED", "")


@pytest.mark.parametrize("is_referrer", [True, False])
@pytest.mark.parametrize("is_parted", [False, True])
def test_a_reward_is_taken_back_from_whom_its_member_was_merged_into(central: Central, *, is_referrer: bool, is_parted: bool) -> None:
    bringer, code = referrer(central)
    friend, survivor = apply(central, code), apply(central, "", 1)
    for member_id in (friend, survivor):
        central.activate(member_id)
    buy(central, friend)
    job(central)
    merging = central.core.ledger.merging
    merging.merge(TILL, central.envelope(), MergeMembers("m1", bringer if is_referrer else friend, survivor, "li", "wang"))
    job(central, days=15)
    if is_parted:
        merging.unmerge(TILL, central.envelope(), UnmergeMembers("m1", "li", "wang"))
    bring_back(central)
    job(central)
    assert referral(central) == ("VOID", Reason.REFERRAL_SALE_RETURNED)
    assert entries(central) == [("ACCRUAL", 500), ("ACCRUAL", 200), ("ACCRUAL_REVERSAL", -500), ("ACCRUAL_REVERSAL", -200)]
    assert is_proved(central)


def test_who_was_merged_with_the_new_member_is_not_rewarded(central: Central) -> None:
    bringer, code = referrer(central)
    friend = apply(central, code)
    central.activate(friend)
    buy(central, friend)
    merge = MergeMembers("m1", bringer, friend, "li", "wang")
    central.core.ledger.merging.merge(TILL, central.envelope(), merge)
    assert job(central, days=15) == 1
    assert referral(central) == ("VOID", "REFERRAL_SELF")
    assert entries(central) == []


def test_every_step_is_audited(central: Central) -> None:
    _, code = referrer(central)
    friend = apply(central, code)
    buy(central, friend)
    job(central, days=15)
    bring_back(central)
    job(central)
    actions = [row["action"] for row in central.rows("audit_event") if row["action"].startswith("referral.")]
    assert actions == ["referral.pending", "referral.qualified", "referral.rewarded", "referral.void"]
