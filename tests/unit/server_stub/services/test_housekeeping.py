"""What ends by the calendar: nothing a day too early, nothing twice, and no audited row past its event."""

from __future__ import annotations

from dataclasses import fields
from datetime import timedelta

import pytest

from server_stub.domain.id_number import check_character
from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import Refusal
from server_stub.jobs.housekeeping import Housekeeping, Swept
from server_stub.services.review.blocklist import BlockOrder
from server_stub.storage.audit import row_digest
from server_stub.storage.codes import CodePurpose
from server_stub.storage.reviews import BlockKind
from tests.support.central_service import ADMIN, DEVICE, LI, Central, consenting

NOTHING = Swept(*[0] * len(fields(Swept)))
UNKNOWN_REGION = "12345619850307001" + check_character("12345619850307001")


@pytest.fixture
def job(central: Central) -> Housekeeping:
    return Housekeeping(central.base, central.core.ledger.accounts)


@pytest.mark.parametrize("actor", [DEVICE, LI, ADMIN])
def test_only_the_service_itself_runs_jobs(job: Housekeeping, actor: object) -> None:
    with pytest.raises(Refusal) as refused:
        job.run(actor)
    assert refused.value.reason is Reason.NOT_PERMITTED


def test_a_new_service_has_nothing_to_end(job: Housekeeping) -> None:
    assert job.run() == NOTHING
    assert job.run().total == 0


def test_codes_end_after_a_day(central: Central, job: Housekeeping) -> None:
    central.send_code()
    central.clock.advance(hours=24)
    assert job.run() == NOTHING
    central.clock.advance(seconds=1)
    assert job.run().codes == 1
    assert central.count("ownership_code") == 0


def test_a_member_keeps_everything(central: Central, job: Housekeeping) -> None:
    central.activate(central.member_id(central.join().membership_number))
    central.core.members.identify(DEVICE, central.proof(purpose=CodePurpose.SIGN_IN))
    central.clock.advance(days=31)
    swept = job.run()
    assert (swept.visits, swept.grants, swept.people_erased, swept.accounts_settled) == (1, 1, 0, 0)
    assert central.rows("person")[0]["erased_at"] is None
    assert central.rows("coupon")[0]["state"] == "CLAIMED"


def test_what_failed_is_erased_after_thirty_days_and_its_record_stays(central: Central, job: Housekeeping) -> None:
    central.join(email="x")
    central.clock.advance(days=30, seconds=-1)
    assert job.run().people_erased == 0
    central.clock.advance(seconds=2)
    assert [job.run().people_erased, job.run().people_erased] == [1, 0]
    person = central.rows("person")[0]
    assert (person["wrapped_key"], person["name"], person["mobile"], person["mobile_token"]) == (None, None, None, None)
    assert [central.count(table) for table in ("application", "decision", "consent")] == [1, 1, 4]


def test_what_nobody_decided_expires_and_frees_the_phone(central: Central, job: Housekeeping) -> None:
    central.join(id_number=UNKNOWN_REGION, consents=consenting("id_number"))
    central.clock.advance(days=60, seconds=1)
    assert job.run().applications_expired == 1
    assert (central.rows("application")[0]["state"], central.rows("review_task")[0]["state"]) == ("EXPIRED", "CLOSED")
    assert central.core.reviews.list(LI) == ()
    assert central.join().membership_number


def test_points_are_settled_the_day_after_their_last(central: Central, job: Housekeeping) -> None:
    central.activate(central.member_id(central.join().membership_number))
    central.clock.advance(days=364)
    assert job.run().accounts_settled == 0
    central.clock.advance(days=1)
    assert [job.run().accounts_settled, job.run().accounts_settled] == [1, 0]
    assert central.rows("points_account")[0]["available"] == 0


def test_ended_lines_of_the_blocklist_go(central: Central, job: Housekeeping) -> None:
    order = BlockOrder(BlockKind.MOBILE, "13800138000", "resold points", central.clock.now() + timedelta(days=1))
    central.core.blocklist.add(ADMIN, order)
    assert job.run().blocks == 0
    central.clock.advance(days=1)
    assert job.run().blocks == 1
    assert central.rows("audit_event")[-1]["action"] == "blocklist.removed"


def test_audited_rows_are_as_their_events_say_after_the_sweep(central: Central, job: Housekeeping) -> None:
    central.join(email="x")
    central.join(mobile="13900139000", name="王五", id_number=UNKNOWN_REGION, consents=consenting("id_number"))
    central.clock.advance(days=61)
    assert job.run().total > 0
    central.clock.advance(days=31)
    assert job.run().people_erased == 1
    audited = ("application", "consent", "decision", "member")
    newest = {(e["subject_table"], e["subject_key"]): e["row_sha256"] for e in central.rows("audit_event") if e["subject_table"] in audited}
    assert central.database.read(lambda tx: {key: row_digest(tx, *key) for key in newest}) == newest
