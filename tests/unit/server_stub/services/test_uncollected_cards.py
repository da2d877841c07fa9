"""An approved card that nobody fetches: the member is told in time, the approval ends after its time, and nothing sooner."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from server_stub.config import UncollectedSettings
from server_stub.domain.birthday import AgeBand
from server_stub.domain.language import Language
from server_stub.domain.notices import load_notices
from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import Refusal
from server_stub.jobs.housekeeping import Housekeeping
from server_stub.jobs.uncollected_cards import Ended, UncollectedCards
from server_stub.messages.message import Way
from server_stub.messages.wording import Wording
from server_stub.services.enrollment.status import StatusQuestion
from server_stub.storage.audit import row_digest
from server_stub.storage.cards import CardRow, CardState, add_card
from server_stub.storage.codes import CodePurpose
from tests.support.central_service import ADMIN, DEVICE, LI, Central, adult_form

NOTHING = Ended(told=0, expired=0)


@pytest.fixture
def job(central: Central) -> UncollectedCards:
    return UncollectedCards(central.base, central.core.notifications)


def notice_in(language: Language) -> dict[str, str]:
    """Fields of a form that name the notice in a language."""
    notice = load_notices().get(language, AgeBand.ADULT)
    return {"notice_version": notice.version, "notice_sha256": notice.text_sha256}


def _told(central: Central) -> list[dict[str, Any]]:
    return [row for row in central.rows("outbox_message") if row["template"] == "card_uncollected"]


def _deeds(central: Central, action: str) -> int:
    return sum(row["action"] == action for row in central.rows("audit_event"))


def _half_written(central: Central, member_id: str) -> CardRow:
    now = central.clock.now()
    until = now.date() + timedelta(days=1000)
    return CardRow("crd_1", bytes(7), member_id, 1, bytes(16), 1, b"", b"", 1, until, CardState.WRITTEN, "", 1, DEVICE.device_id, now, 1)


# --- refusals ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("actor", [DEVICE, LI, ADMIN])
def test_only_the_service_itself_runs_it(job: UncollectedCards, actor: object) -> None:
    with pytest.raises(Refusal) as refused:
        job.run(actor)
    assert refused.value.reason is Reason.NOT_PERMITTED


def test_nothing_ends_before_its_time_and_nothing_that_nobody_was_told_of(central: Central, job: UncollectedCards) -> None:
    central.join()
    central.clock.advance(days=76)
    assert job.run() == NOTHING
    central.clock.advance(days=30)  # the service stood still: the member is told late, and ends later
    assert job.run() == Ended(told=1, expired=0)
    central.clock.advance(days=14)
    assert job.run() == NOTHING
    central.clock.advance(seconds=1)
    assert job.run() == Ended(told=0, expired=1)


def test_who_fetched_the_card_is_left_alone(central: Central, job: UncollectedCards) -> None:
    central.activate(central.member_id(central.join().membership_number))
    central.clock.advance(days=400)
    assert job.run() == NOTHING


def test_a_card_that_is_being_issued_now_is_left_alone(central: Central, job: UncollectedCards) -> None:
    central.join()
    central.clock.advance(days=77)
    job.run()
    central.clock.advance(days=15)
    question = StatusQuestion("", central.proof(purpose=CodePurpose.STATUS))
    assert central.core.enrollment.status(DEVICE, question).issue_grant
    assert job.run() == NOTHING
    central.clock.advance(minutes=31)
    assert job.run().expired == 1


# --- what happens ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", Language)
def test_the_member_is_told_once_and_of_the_last_whole_day(central: Central, job: UncollectedCards, language: Language) -> None:
    central.submit(adult_form(central.proof(), language=language, **notice_in(language)))
    central.clock.advance(days=76, seconds=1)
    assert [job.run(), job.run()] == [Ended(told=1, expired=0), NOTHING]
    assert len(_told(central)) == 1
    assert _told(central)[0]["language"] == language
    payload = next(payload for template, payload in central.messages() if template == "card_uncollected")
    last_day = (central.clock.now() + timedelta(days=13)).date().isoformat()
    assert payload.variables["last_day"] == last_day
    for way in Way:
        assert last_day in Wording().render("card_uncollected", way, language.value, payload.variables)[1]


def test_the_approval_ends_with_its_membership_and_leaves_its_trail(central: Central, job: UncollectedCards) -> None:
    member_id = central.member_id(central.join().membership_number)
    central.database.write(lambda tx: add_card(tx, _half_written(central, member_id)))
    central.clock.advance(days=77)
    job.run()
    central.clock.advance(days=15)
    assert job.run() == Ended(told=0, expired=1)
    assert job.run() == NOTHING
    states = [central.rows(table)[0]["state"] for table in ("application", "member", "card")]
    assert states == ["EXPIRED", "CLOSED", "SPOILED"]
    assert [_deeds(central, action) for action in ("application.expired", "member.closed", "card.spoiled")] == [1, 1, 1]
    newest = {(e["subject_table"], e["subject_key"]): e["row_sha256"] for e in central.rows("audit_event")}
    ended = {key: digest for key, digest in newest.items() if key[0] in {"application", "member", "card"}}
    assert central.database.read(lambda tx: {key: row_digest(tx, *key) for key in ended}) == ended


def test_the_phone_is_free_again_and_the_person_is_erased_a_month_later(central: Central, job: UncollectedCards) -> None:
    central.join()
    central.clock.advance(days=77)
    job.run()
    central.clock.advance(days=15)
    job.run()
    again = central.join()
    assert again.membership_number
    central.clock.advance(days=30, seconds=1)
    assert Housekeeping(central.base, central.core.ledger.accounts).run().people_erased == 1
    erased, joined = sorted(central.rows("person"), key=lambda row: row["person_id"])
    assert (erased["wrapped_key"], joined["erased_at"]) == (None, None)


def test_the_times_are_the_installations(central: Central) -> None:
    central.join()
    job = UncollectedCards(central.base, central.core.notifications, UncollectedSettings(after_days=10, notice_days=3))
    central.clock.advance(days=7, seconds=1)
    assert job.run() == Ended(told=1, expired=0)
    central.clock.advance(days=3, seconds=1)
    assert job.run() == Ended(told=0, expired=1)
