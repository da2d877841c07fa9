"""Changes of benefits: what blocks publishing, two people, who is told and when, and how many messages arrived."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy.exc import IntegrityError

from server_stub.domain.actors import Role, StaffActor
from server_stub.domain.benefit_change import ChangeState, ChangeWords, load_notice_rules, read_rules
from server_stub.domain.language import Language
from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import Refusal
from server_stub.jobs.benefit_notices import BenefitNotices
from server_stub.services.benefit_changes import DraftChange
from server_stub.storage.outbox import MessageState, Outbox
from tests.support.central_service import ADMIN, DEVICE, LI, Central

if TYPE_CHECKING:
    from collections.abc import Callable

ZHAO = StaffActor("zhao", frozenset({Role.MANAGER}))
QIAN = StaffActor("qian", frozenset({Role.MANAGER}))
WORDS = {
    Language.ZH_HANS: ChangeWords("银卡生日积分改为 1.5 倍", "每年生日当天生效。"),
    Language.ZH_HANT: ChangeWords("銀卡生日積分改為 1.5 倍", "每年生日當天生效。"),
    Language.EN: ChangeWords("Silver birthdays earn 1.5 times", "On the day itself, every year."),
}
# The tests' clock begins on 23 November 2026.
TODAY, NOTICE, EFFECTIVE = date(2026, 11, 23), date(2026, 12, 1), date(2026, 12, 31)


def refusal_of(work: Callable[..., object], *arguments: object) -> Refusal | None:
    try:
        work(*arguments)
    except Refusal as refusal:
        return refusal
    return None


def reason_of(work: Callable[..., object], *arguments: object) -> Reason | None:
    refusal = refusal_of(work, *arguments)
    return refusal.reason if refusal else None


def draft(central: Central, actor: Any = ZHAO, **fields: Any) -> str:
    command = replace(DraftChange("", EFFECTIVE, NOTICE, WORDS), **fields)
    return central.core.benefit_changes.draft(actor, central.envelope(), command).change_id


def publish(central: Central, change_id: str, actor: Any = QIAN) -> Any:
    return central.core.benefit_changes.publish(actor, central.envelope(), change_id)


def job(central: Central, batch: int = 2) -> int:
    return BenefitNotices(central.core.benefit_changes, batch).run()


def join(central: Central, count: int, first: int = 0) -> list[str]:
    names = ("赵一鸣", "钱多多", "孙行健", "李清照", "周树人")
    wanted = range(first, first + count)
    return [central.member_id(central.join(mobile=f"1390013900{n}", name=names[n]).membership_number) for n in wanted]


@pytest.mark.parametrize("actor", [DEVICE, LI, ADMIN])
def test_only_who_manages_the_programme_drafts_publishes_and_reads(central: Central, actor: Any) -> None:
    changes = central.core.benefit_changes
    assert reason_of(changes.draft, actor, central.envelope(), DraftChange("", EFFECTIVE, NOTICE, WORDS)) is Reason.NOT_PERMITTED
    assert reason_of(changes.publish, actor, central.envelope(), "chg") is Reason.NOT_PERMITTED
    assert reason_of(changes.list, actor) is reason_of(changes.delivery, actor, "chg") is Reason.NOT_PERMITTED
    assert reason_of(BenefitNotices(changes).run, ZHAO) is Reason.NOT_PERMITTED


@pytest.mark.parametrize(
    ("language", "words", "field", "reason"),
    [
        (Language.EN, ChangeWords("", "text"), "en.title", Reason.FIELD_REQUIRED),
        (Language.ZH_HANT, ChangeWords("题", " "), "zh-Hant.text", Reason.FIELD_REQUIRED),
        (Language.ZH_HANS, ChangeWords("题" * 41, "文"), "zh-Hans.title", Reason.FIELD_TOO_LONG),
        (Language.ZH_HANS, ChangeWords("题", "文" * 201), "zh-Hans.text", Reason.FIELD_TOO_LONG),
    ],
)
def test_a_language_that_says_nothing_or_too_much_is_named(
    central: Central, language: Language, words: ChangeWords, field: str, reason: Reason
) -> None:
    refusal = refusal_of(lambda: draft(central, words={**WORDS, language: words}))
    assert refusal is not None
    assert [(f.field, f.reason) for f in refusal.refused.findings] == [(field, reason)]
    assert central.count("benefit_change") == 0


def test_a_missing_language_is_refused(central: Central) -> None:
    only = {Language.ZH_HANS: WORDS[Language.ZH_HANS]}
    assert reason_of(lambda: draft(central, words=only)) is Reason.REQUEST_MALFORMED


@pytest.mark.parametrize("effective_on", [NOTICE, NOTICE - timedelta(days=1)])
def test_an_effective_day_that_is_not_after_the_notice_is_no_draft(central: Central, effective_on: date) -> None:
    assert reason_of(lambda: draft(central, effective_on=effective_on)) is Reason.BENEFIT_EFFECTIVE_TOO_SOON


def test_publishing_is_blocked_until_the_notice_day_is_set(central: Central) -> None:
    change_id = draft(central, notice_on=None)
    assert reason_of(publish, central, change_id) is Reason.BENEFIT_NOTICE_MISSING
    draft(central, change_id=change_id)
    assert publish(central, change_id).state is ChangeState.PUBLISHED


@pytest.mark.parametrize(
    ("notice_on", "effective_on"),
    [
        (NOTICE, NOTICE + timedelta(days=29)),
        # A notice day in the past counts from today, for nobody has been told.
        (TODAY - timedelta(days=90), TODAY + timedelta(days=29)),
    ],
)
def test_publishing_is_blocked_where_the_notice_period_is_too_short(central: Central, notice_on: date, effective_on: date) -> None:
    change_id = draft(central, notice_on=notice_on, effective_on=effective_on)
    assert reason_of(publish, central, change_id) is Reason.BENEFIT_EFFECTIVE_TOO_SOON
    draft(central, change_id=change_id, notice_on=notice_on, effective_on=effective_on + timedelta(days=1))
    assert publish(central, change_id).state is ChangeState.PUBLISHED


def test_who_wrote_the_last_wording_does_not_publish_it(central: Central) -> None:
    change_id = draft(central)
    assert reason_of(publish, central, change_id, ZHAO) is Reason.SELF_APPROVAL
    draft(central, actor=QIAN, change_id=change_id)
    assert reason_of(publish, central, change_id, QIAN) is Reason.SELF_APPROVAL
    view = publish(central, change_id, ZHAO)
    assert (view.drafted_by, view.published_by) == ("qian", "zhao")


def test_what_is_unknown_or_published_stays_as_it_is(central: Central) -> None:
    for work in (lambda: publish(central, "chg_x"), lambda: draft(central, change_id="chg_x")):
        assert reason_of(work) is Reason.BENEFIT_CHANGE_UNKNOWN
    assert reason_of(central.core.benefit_changes.delivery, ZHAO, "chg_x") is Reason.BENEFIT_CHANGE_UNKNOWN
    change_id = draft(central)
    publish(central, change_id)
    before = central.rows("benefit_change")
    for work in (lambda: publish(central, change_id, ZHAO), lambda: draft(central, change_id=change_id)):
        assert reason_of(work) is Reason.WRONG_STATE
    assert central.rows("benefit_change") == before


@pytest.mark.parametrize("change", ["published_by = drafted_by", "notice_on = NULL", "notice_on = effective_on", "published_by = NULL"])
def test_the_database_itself_refuses_a_change_that_nobody_was_to_hear_of(central: Central, change: str) -> None:
    publish(central, draft(central))
    with pytest.raises(IntegrityError):
        central.database.write(lambda tx: tx.connection.exec_driver_sql(f"UPDATE benefit_change SET {change}"))


def test_the_same_request_publishes_once(central: Central) -> None:
    change_id, envelope = draft(central), central.envelope()
    first = central.core.benefit_changes.publish(QIAN, envelope, change_id)
    assert central.core.benefit_changes.publish(QIAN, envelope, change_id) == first
    assert [row["action"] for row in central.rows("audit_event")].count("benefit_change.published") == 1


def test_nobody_is_told_before_the_notice_day_and_everybody_once_after(central: Central) -> None:
    members = join(central, 5)
    draft(central)
    change_id = draft(central)
    publish(central, change_id)
    assert job(central) == 0
    central.clock.moment = datetime(2026, 11, 30, 16, 0, tzinfo=UTC)
    assert job(central) == 5
    assert job(central) == 0
    told = [payload for template, payload in central.messages() if template == "benefit_change"]
    assert len(told) == len({payload.recipient for payload in told}) == len(members)
    words = WORDS[Language.ZH_HANS]
    assert dict(told[0].variables) == {"title": words.title, "text": words.text, "effective": "2026-12-31"}


def test_a_job_that_is_cut_short_goes_on_where_it_was(central: Central) -> None:
    join(central, 3)
    change_id = draft(central)
    publish(central, change_id)
    central.clock.moment = datetime(2026, 12, 1, 2, 0, tzinfo=UTC)
    from server_stub.jobs.benefit_notices import TELLER

    assert central.core.benefit_changes.tell_next(TELLER, 2) == 2
    assert central.core.benefit_changes.delivery(ZHAO, change_id).complete is False
    assert job(central) == 1
    assert central.count("benefit_notice") == 3
    assert central.core.benefit_changes.delivery(ZHAO, change_id).complete is True


def told(central: Central) -> list[str]:
    return [payload.recipient for template, payload in central.messages() if template == "benefit_change"]


def test_who_takes_the_card_after_the_others_were_told_is_told_once(central: Central) -> None:
    early, waiting = join(central, 2)
    publish(central, draft(central))
    central.clock.moment = datetime(2026, 12, 1, 2, 0, tzinfo=UTC)
    job(central)
    [late] = join(central, 1, first=2)
    assert len(told(central)) == 2
    for member_id in (late, waiting, early, late):
        central.activate(member_id)
    assert len(told(central)) == len(set(told(central))) == 3
    assert job(central) == 0


def test_who_comes_before_the_telling_is_through_is_left_to_it(central: Central) -> None:
    join(central, 3)
    publish(central, draft(central))
    central.clock.moment = datetime(2026, 12, 1, 2, 0, tzinfo=UTC)
    from server_stub.jobs.benefit_notices import TELLER

    central.core.benefit_changes.tell_next(TELLER, 1)
    [late] = join(central, 1, first=3)
    central.activate(late)
    assert len(told(central)) == 1
    assert job(central) == 3
    assert len(set(told(central))) == 4


def test_nobody_is_told_of_what_is_in_force_already(central: Central) -> None:
    join(central, 1)
    publish(central, draft(central))
    central.clock.moment = datetime(2026, 12, 1, 2, 0, tzinfo=UTC)
    job(central)
    central.clock.moment = datetime(2026, 12, 31, 2, 0, tzinfo=UTC)
    [late] = join(central, 1, first=1)
    central.activate(late)
    assert len(told(central)) == 1


@pytest.mark.tampers
def test_members_who_left_are_not_told(central: Central) -> None:
    join(central, 2)
    change_id = draft(central)
    publish(central, change_id)
    central.database.write(lambda tx: tx.connection.exec_driver_sql("UPDATE member SET state = 'CLOSED'"))
    central.clock.moment = datetime(2026, 12, 1, 2, 0, tzinfo=UTC)
    assert job(central) == 0


def test_the_delivery_rate_counts_what_a_gateway_took(central: Central) -> None:
    members = join(central, 4)
    change_id = draft(central)
    publish(central, change_id)
    changes = central.core.benefit_changes
    assert (changes.delivery(ZHAO, change_id).members, changes.delivery(ZHAO, change_id).rate_percent) == (0, 0)
    person = next(row["person_id"] for row in central.rows("member") if row["member_id"] == members[0])
    central.database.write(lambda tx: central.base.people.erase(tx, person))
    central.clock.moment = datetime(2026, 12, 1, 2, 0, tzinfo=UTC)
    job(central)
    sent = [row["message_id"] for row in central.rows("outbox_message") if row["template"] == "benefit_change"]
    outbox = Outbox(central.base.sealer)
    central.database.write(lambda tx: outbox.finish(tx, sent[0], MessageState.HANDED_OVER, reference="r"))
    central.database.write(lambda tx: outbox.finish(tx, sent[1], MessageState.FAILED, failure="x"))
    seen = changes.delivery(ZHAO, change_id)
    assert (seen.members, seen.handed_over, seen.waiting, seen.failed, seen.unreachable, seen.rate_percent) == (4, 1, 1, 1, 1, 25)


def test_kiosks_show_a_change_from_its_notice_until_a_month_after_it_began(central: Central) -> None:
    changes = central.core.benefit_changes
    publish(central, draft(central))
    shown = []
    for day in (NOTICE - timedelta(days=1), NOTICE, EFFECTIVE + timedelta(days=30), EFFECTIVE + timedelta(days=31)):
        central.clock.moment = datetime(day.year, day.month, day.day, 4, 0, tzinfo=UTC)
        shown.append([(c.title, c.effective_on) for c in changes.announced(DEVICE, Language.EN)])
    one = [(WORDS[Language.EN].title, "2026-12-31")]
    assert shown == [[], one, one, []]


def test_staff_see_all_changes_and_kiosks_no_draft(central: Central) -> None:
    draft(central)
    publish(central, draft(central, effective_on=EFFECTIVE + timedelta(days=1)))
    central.clock.moment = datetime(2026, 12, 2, 4, 0, tzinfo=UTC)
    changes = central.core.benefit_changes
    assert [c.state for c in changes.list(ZHAO)] == [ChangeState.PUBLISHED, ChangeState.DRAFT]
    assert len(changes.announced(DEVICE, Language.ZH_HANT)) == 1


def test_rules_without_a_notice_period_are_no_rules() -> None:
    assert load_notice_rules().minimum_days == 30
    with pytest.raises(ValueError, match="days are positive"):
        read_rules({"version": "x", "minimum_days": 0, "shown_after_days": 0})
