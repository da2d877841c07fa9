"""Members as they see themselves: who is let in, what is shown, when a visit ends."""

from __future__ import annotations

import pytest

from server_stub.domain.actors import SystemActor
from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import Refusal
from server_stub.domain.welcome import WelcomeRules, load_welcome_rules
from server_stub.services.ledger.proof import Flaw
from server_stub.services.members import Identified
from server_stub.storage.codes import CodePurpose
from server_stub.storage.members import change_member, member_by_id
from tests.support.central_service import DEVICE, MOBILE, OTHER_DEVICE, Central

JOB = SystemActor("test")


def sign_in(central: Central) -> Identified:
    return central.core.members.identify(DEVICE, central.proof(MOBILE, CodePurpose.SIGN_IN))


def joined(central: Central) -> str:
    member_id = central.member_id(central.join().membership_number)
    central.activate(member_id)
    return member_id


def suspend(central: Central, member_id: str) -> None:
    central.database.write(lambda tx: change_member(tx, member_by_id(tx, member_id), {"state": "SUSPENDED"}))


def refusal_of(call: object) -> Reason:
    with pytest.raises(Refusal) as refused:
        call()
    return refused.value.reason


@pytest.mark.parametrize("purpose", [CodePurpose.JOIN, CodePurpose.STATUS])
def test_only_a_proof_for_signing_in_signs_in(central: Central, purpose: CodePurpose) -> None:
    joined(central)
    proof = central.proof(purpose=purpose)
    assert refusal_of(lambda: central.core.members.identify(DEVICE, proof)) is Reason.PHONE_PROOF


@pytest.mark.tampers
def test_a_suspended_member_is_not_let_in_and_a_running_visit_ends(central: Central) -> None:
    member_id = joined(central)
    visit = sign_in(central)
    suspend(central, member_id)
    assert refusal_of(lambda: sign_in(central)) is Reason.MEMBER_INACTIVE
    assert refusal_of(lambda: central.core.members.get_member(DEVICE, visit.visit_token)) is Reason.MEMBER_INACTIVE


@pytest.mark.parametrize("token", ["", "x", "vis_1.aaaa", "vis_1"])
def test_a_forged_visit_is_none(central: Central, token: str) -> None:
    assert refusal_of(lambda: central.core.members.get_member(DEVICE, token)) is Reason.VISIT_OVER


def test_a_visit_is_of_one_device_for_a_quarter_of_an_hour(central: Central) -> None:
    joined(central)
    visit = sign_in(central)
    assert refusal_of(lambda: central.core.members.get_member(OTHER_DEVICE, visit.visit_token)) is Reason.VISIT_OVER
    central.core.members.end_visit(OTHER_DEVICE, visit.visit_token)
    central.clock.advance(minutes=14, seconds=59)
    assert central.core.members.get_member(DEVICE, visit.visit_token).name_masked == "欧阳**"
    central.clock.advance(seconds=1)
    assert refusal_of(lambda: central.core.members.get_member(DEVICE, visit.visit_token)) is Reason.VISIT_OVER


def test_a_visit_goes_on_while_its_member_is_there_for_an_hour_at_most(central: Central) -> None:
    joined(central)
    visit = sign_in(central).visit_token
    central.clock.advance(minutes=14)
    assert refusal_of(lambda: central.core.members.keep_visit(OTHER_DEVICE, visit)) is Reason.VISIT_OVER
    for _ in range(45):
        central.core.members.keep_visit(DEVICE, visit)
        central.clock.advance(minutes=1)
        assert central.core.members.get_member(DEVICE, visit).name_masked == "欧阳**"
    central.core.members.keep_visit(DEVICE, visit)
    central.clock.advance(minutes=1)
    assert refusal_of(lambda: central.core.members.get_member(DEVICE, visit)) is Reason.VISIT_OVER


def test_a_visit_whose_time_is_over_is_not_brought_back_and_its_page_not_taken_from_who_reads_it(central: Central) -> None:
    joined(central)
    visit = sign_in(central).visit_token
    central.clock.advance(minutes=15)
    central.core.members.keep_visit(DEVICE, visit)
    assert refusal_of(lambda: central.core.members.get_member(DEVICE, visit)) is Reason.VISIT_OVER


def test_a_kiosk_that_says_every_few_seconds_that_somebody_is_there_has_the_row_written_once_a_minute(
    central: Central, monkeypatch: pytest.MonkeyPatch
) -> None:
    joined(central)
    visit, write, written = sign_in(central).visit_token, central.database.write, []
    monkeypatch.setattr(central.database, "write", lambda work: (written.append(work), write(work)))
    for _ in range(31):
        central.core.members.keep_visit(DEVICE, visit)
        central.clock.advance(seconds=4)
    assert len(written) == 2


@pytest.mark.parametrize("token", ["", "x", "vis_1.aaaa", "vis_1"])
def test_a_forged_visit_is_not_kept(central: Central, token: str) -> None:
    assert refusal_of(lambda: central.core.members.keep_visit(DEVICE, token)) is Reason.VISIT_OVER


def test_an_ended_visit_stays_ended(central: Central) -> None:
    joined(central)
    visit = sign_in(central)
    for _ in range(2):
        central.core.members.end_visit(DEVICE, visit.visit_token)
    assert refusal_of(lambda: central.core.members.keep_visit(DEVICE, visit.visit_token)) is Reason.VISIT_OVER
    assert refusal_of(lambda: central.core.members.get_member(DEVICE, visit.visit_token)) is Reason.VISIT_OVER


def test_the_view_shows_points_by_their_end_and_never_money(central: Central) -> None:
    joined(central)
    view = central.core.members.get_member(DEVICE, sign_in(central).visit_token)
    assert (view.tier, view.points_available, view.points_expiring, view.points_expire_on) == ("basic", 200, 200, "2027-11-22")
    coupons = [(c.value_fen, c.minimum_spend_fen, c.valid_until) for c in view.coupons]
    assert coupons == [(500, 3000, "2026-12-22"), (1000, 5000, "2027-01-21")]
    assert view.membership_number_masked.startswith("8800 •••• ")
    assert not [name for name in view.__slots__ if "yuan" in name or "money" in name]


def test_ended_coupons_and_points_are_not_shown(central: Central) -> None:
    joined(central)
    central.clock.advance(days=31)
    assert [c.value_fen for c in central.core.members.get_member(DEVICE, sign_in(central).visit_token).coupons] == [1000]
    central.clock.advance(days=340)
    view = central.core.members.get_member(DEVICE, sign_in(central).visit_token)
    assert (view.points_available, view.points_expire_on, view.coupons) == (0, "", ())


def test_the_account_says_what_its_entries_say_before_and_after_the_expiry(central: Central) -> None:
    joined(central)
    ledger = central.core.ledger
    central.clock.advance(days=400)
    assert ledger.proof.run(JOB).wrong == ()
    assert [ledger.accounts.settle_due(JOB) for _ in range(2)] == [1, 0]
    assert ledger.proof.run(JOB).wrong == ()
    assert [(row["kind"], row["points"]) for row in central.rows("points_entry")] == [("ACCRUAL", 200), ("EXPIRY", -200)]


def test_an_account_that_was_changed_past_its_entries_is_found(central: Central) -> None:
    joined(central)
    central.database.write(lambda tx: tx.connection.exec_driver_sql("UPDATE points_account SET available = available + 1"))
    assert [wrong.flaw for wrong in central.core.ledger.proof.run(JOB).wrong] == [Flaw.ENTRIES, Flaw.LOTS]


def test_a_lot_that_was_changed_past_its_account_is_found(central: Central) -> None:
    joined(central)
    central.database.write(lambda tx: tx.connection.exec_driver_sql("UPDATE points_lot SET free = free - 1"))
    assert [(wrong.flaw, wrong.said, wrong.proved) for wrong in central.core.ledger.proof.run(JOB).wrong] == [
        (Flaw.LOTS, (200, 0, 0, 0), (199, 0, 0, 0)),
        (Flaw.REBUILT, (199, 0, 0, 0), (200, 0, 0, 0)),
    ]


def test_the_points_of_an_unknown_member_are_refused(central: Central) -> None:
    accounts = central.core.ledger.accounts
    assert refusal_of(lambda: central.database.read(lambda tx: accounts.summary(tx, "mem_unknown"))) is Reason.MEMBER_UNKNOWN


def test_an_unknown_member_cannot_be_activated(central: Central) -> None:
    assert refusal_of(lambda: central.activate("mem_unknown")) is Reason.MEMBER_UNKNOWN


def test_a_missing_welcome_set_gives_the_default_and_an_alert(central: Central, monkeypatch: pytest.MonkeyPatch) -> None:
    rules = load_welcome_rules()
    real = WelcomeRules.for_store
    monkeypatch.setattr(rules, "_stores", {"lakeside": "gone"})
    assert real(rules, "lakeside", central.clock.now().date()).set_is_missing
    central.join()
    assert [row["detail"]["store"] for row in central.rows("audit_event") if row["action"] == "alert.welcome_set_missing"] == ["lakeside"]
    assert central.rows("points_account")[0]["pending"] == 200
