"""The way of a rule file: who may, two people, what blocks publishing, versions that stay, and rules of any past day."""

from __future__ import annotations

import copy
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy.exc import DBAPIError

from server_stub.domain.actors import Role, StaffActor
from server_stub.domain.benefit_change import ChangeWords
from server_stub.domain.language import Language
from server_stub.domain.ledger_commands import RecordReturn, RecordSale, SaleLine
from server_stub.domain.program.catalogue import rule_set_document
from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import Refusal
from server_stub.services.benefit_changes import DraftChange
from server_stub.services.rule_desk import DRAFT, IN_FORCE, OVER, PUBLISHED, RulesView
from tests.support.central_service import ADMIN, DEVICE, LI, Central
from tests.unit.server_stub.services.test_coupons import TILL, member

if TYPE_CHECKING:
    from collections.abc import Callable

ZHAO = StaffActor("zhao", frozenset({Role.MANAGER}))
QIAN = StaffActor("qian", frozenset({Role.MANAGER}))
ZHOU = StaffActor("zhou", frozenset({Role.MARKETING}))
TODAY = date(2026, 11, 23)
WORDS = {"zh-Hans": "双倍", "zh-Hant": "雙倍", "en": "double"}


def rules_file(version: str = "v1", first_day: str = "2026-12-01", **params: Any) -> dict[str, Any]:
    names = {"multipliers": {one["code"]: WORDS for one in params.get("multipliers", [])}}
    return {"format": 1, "version": version, "effective_from": first_day, "names": names, "params": params}


def double(first: str, last: str) -> list[dict[str, Any]]:
    return [{"code": "DOUBLE", "pct": 200, "dates": [[first, last]]}]


def reason_of(work: Callable[[], object]) -> Reason | None:
    try:
        work()
    except Refusal as refusal:
        return refusal.reason
    return None


def submit(central: Central, document: dict[str, Any], actor: Any = ZHOU) -> RulesView:
    return central.core.rules.submit(actor, central.envelope(), document)


def approve(central: Central, version: str = "v1", revision: int | None = None, actor: Any = ZHAO) -> RulesView:
    return central.core.rules.approve(actor, central.envelope(), version, revision)


def announced(central: Central, notice: date, effective: date) -> str:
    words = {language: ChangeWords("新规则", "见门店告示。") for language in Language}
    change = central.core.benefit_changes.draft(ZHAO, central.envelope(), DraftChange("", effective, notice, words))
    return central.core.benefit_changes.publish(QIAN, central.envelope(), change.change_id).change_id


@pytest.mark.parametrize("actor", [DEVICE, LI, ADMIN])
def test_only_who_manages_the_programme_has_to_do_with_rules(central: Central, actor: Any) -> None:
    desk = central.core.rules
    for work in (
        lambda: submit(central, rules_file(), actor),
        lambda: approve(central, actor=actor),
        lambda: desk.list(actor),
        lambda: desk.show(actor, "v1"),
        lambda: desk.on(actor, TODAY),
        lambda: desk.diff(actor, "plain", "v1"),
        lambda: desk.examine(actor, rules_file()),
    ):
        assert reason_of(work) is Reason.NOT_PERMITTED
    assert central.count("rule_draft") == 0


def test_marketing_submits_and_approves_nothing(central: Central) -> None:
    submit(central, rules_file())
    assert reason_of(lambda: approve(central, actor=StaffActor("wu", frozenset({Role.MARKETING})))) is Reason.NOT_PERMITTED


def test_a_faulty_file_is_refused_by_field_and_leaves_nothing(central: Central) -> None:
    with pytest.raises(Refusal) as caught:
        submit(central, rules_file(hold_minutes=0, sex="F"))
    assert caught.value.reason is Reason.RULES_FAULTY
    assert {finding.field for finding in caught.value.refused.findings} == {"params.hold_minutes", "params.sex"}
    with pytest.raises(Refusal) as caught:
        submit(central, rule_set_document("yonghui-card") | {"version": "mine"})
    assert [finding.field for finding in caught.value.refused.findings] == ["effective_from"]
    assert central.count("rule_draft") == central.count("request_log") == 0


def test_nobody_approves_what_they_had_a_hand_in(central: Central) -> None:
    submit(central, rules_file(), ZHAO)
    assert reason_of(lambda: approve(central, actor=ZHAO)) is Reason.SELF_APPROVAL
    submit(central, rules_file(pending_days=1), QIAN)
    # The last revision is another's, but the version is hers too.
    assert reason_of(lambda: approve(central, actor=ZHAO)) is Reason.SELF_APPROVAL
    assert central.count("rule_set_version") == 0
    sun = StaffActor("sun", frozenset({Role.MANAGER}))
    assert approve(central, actor=sun).approved_by == "sun"


def test_what_was_looked_at_is_what_is_published(central: Central) -> None:
    assert submit(central, rules_file()).revision == 1
    assert submit(central, rules_file(pending_days=3)).revision == 2
    assert reason_of(lambda: approve(central, revision=1)) is Reason.STALE_VERSION
    done = approve(central, revision=2)
    assert (done.state, done.revision, done.submitted_by, done.approved_by) == (PUBLISHED, 2, "zhou", "zhao")
    assert central.core.rules.show(ZHOU, "v1").document["params"]["pending_days"] == 3


def test_a_published_version_stays_and_its_edit_needs_another_version(central: Central) -> None:
    submit(central, rules_file())
    approve(central)
    assert reason_of(lambda: submit(central, rules_file(pending_days=1))) is Reason.RULES_PUBLISHED
    assert reason_of(lambda: approve(central)) is Reason.RULES_PUBLISHED
    assert reason_of(lambda: submit(central, rules_file("plain"))) is Reason.RULES_PUBLISHED
    with pytest.raises(DBAPIError, match=r"append-only|permission denied"):
        central.database.write(lambda tx: tx.connection.exec_driver_sql("UPDATE rule_draft SET submitted_by = 'x'"))


def test_days_that_have_begun_or_are_taken_are_refused(central: Central) -> None:
    assert reason_of(lambda: submit(central, rules_file(first_day="2026-11-23"))) is Reason.RULES_FAULTY
    submit(central, rules_file())
    submit(central, rules_file("v2"))
    approve(central)
    assert reason_of(lambda: approve(central, "v2")) is Reason.RULES_EFFECTIVE_TAKEN
    assert reason_of(lambda: submit(central, rules_file("v3"))) is Reason.RULES_EFFECTIVE_TAKEN
    submit(central, rules_file("v4", "2026-11-25"))
    central.clock.advance(days=2)
    assert reason_of(lambda: approve(central, "v4")) is Reason.RULES_EFFECTIVE_PAST
    assert reason_of(lambda: approve(central, "none")) is Reason.RULES_UNKNOWN


def test_where_there_are_members_a_felt_change_waits_for_its_notice(central: Central) -> None:
    member(central)
    submit(central, rules_file("v1", "2027-01-15", pending_days=5))
    assert reason_of(lambda: approve(central)) is Reason.BENEFIT_NOTICE_MISSING
    submit(central, rules_file("v1", "2027-01-15", pending_days=5) | {"benefit_change": "chg_none"})
    assert reason_of(lambda: approve(central)) is Reason.BENEFIT_CHANGE_UNKNOWN
    change = announced(central, date(2026, 12, 1), date(2027, 1, 10))
    for first_day, notice_days, refused in (
        ("2027-01-09", 30, Reason.BENEFIT_OTHER_DAY),
        ("2027-01-11", 30, Reason.BENEFIT_OTHER_DAY),
        ("2027-01-10", 41, Reason.BENEFIT_EFFECTIVE_TOO_SOON),
        ("2027-01-10", 40, None),
    ):
        head = {"benefit_change": change, "notice_days": notice_days}
        submit(central, rules_file("v1", first_day, pending_days=5) | head)
        assert reason_of(lambda: approve(central)) is refused
    # What only desks and tills feel needs no notice.
    submit(central, rules_file("v2", "2027-01-20", pending_days=5, adjust_limit=5))
    assert approve(central, "v2").state == PUBLISHED


def test_an_announcement_opens_no_later_rules(central: Central) -> None:
    member(central)
    head = {"benefit_change": announced(central, date(2026, 12, 1), date(2027, 1, 10))}
    submit(central, rules_file("v1", "2027-01-10", fen_per_point=50) | head)
    approve(central)
    submit(central, rules_file("v2", "2029-03-01", fen_per_point=100_000) | head)
    assert reason_of(lambda: approve(central, "v2")) is Reason.BENEFIT_OTHER_DAY


def test_rules_before_published_ones_let_those_change_nothing_unannounced(central: Central) -> None:
    member(central)
    # Nobody feels this one, so nobody heard of its day.
    submit(central, rules_file("next", "2027-02-01", adjust_limit=5))
    approve(central, "next")
    head = {"benefit_change": announced(central, date(2026, 12, 1), date(2027, 1, 10))}
    submit(central, rules_file("before", "2027-01-10", fen_per_point=50) | head)
    assert reason_of(lambda: approve(central, "before")) is Reason.RULES_NEXT_UNANNOUNCED
    head = {"benefit_change": announced(central, date(2026, 12, 1), date(2027, 2, 2))}
    submit(central, rules_file("after", "2027-02-02", fen_per_point=50) | head)
    assert approve(central, "after").state == PUBLISHED


def test_rules_before_published_ones_may_change_what_those_told_of(central: Central) -> None:
    member(central)
    for version, effective, rate in (("next", date(2027, 2, 1), 20), ("before", date(2027, 1, 10), 50)):
        head = {"benefit_change": announced(central, date(2026, 12, 1), effective)}
        submit(central, rules_file(version, effective.isoformat(), fen_per_point=rate) | head)
        assert approve(central, version).state == PUBLISHED


@pytest.mark.parametrize(("days", "refused"), [(31, Reason.BENEFIT_EFFECTIVE_TOO_SOON), (30, None)])
def test_notice_counts_from_the_day_on_which_it_was_published(central: Central, days: int, refused: Reason | None) -> None:
    member(central)
    first_day = TODAY + timedelta(days=30)
    head = {"benefit_change": announced(central, date(2026, 10, 1), first_day), "notice_days": days}
    submit(central, rules_file("v1", first_day.isoformat(), pending_days=5) | head)
    assert reason_of(lambda: approve(central)) is refused


@pytest.mark.parametrize(("first_day", "refused"), [("2027-01-29", Reason.BENEFIT_EFFECTIVE_TOO_SOON), ("2027-01-30", None)])
def test_no_file_undercuts_the_houses_own_notice(central: Central, first_day: str, refused: Reason | None) -> None:
    member(central)
    # The house took to 60 days after the announcement was published and the file was linted.
    change = announced(central, date(2026, 12, 1), date.fromisoformat(first_day))
    submit(central, rules_file("v1", first_day, pending_days=5) | {"benefit_change": change, "notice_days": 30})
    central.core.rules._notice = replace(central.core.rules._notice, minimum_days=60)
    assert reason_of(lambda: approve(central)) is refused


def test_the_same_request_publishes_once(central: Central) -> None:
    submit(central, rules_file())
    envelope = central.envelope()
    first = central.core.rules.approve(ZHAO, envelope, "v1")
    assert central.core.rules.approve(ZHAO, envelope, "v1") == first
    assert central.count("rule_approval") == central.count("rule_set_version") == 1


def test_a_file_can_be_based_on_a_published_version_and_keeps_what_it_got(central: Central) -> None:
    document = copy.deepcopy(rule_set_document("yonghui-card")) | {"version": "base", "effective_from": "2026-12-01"}
    submit(central, document)
    approve(central, "base")
    child = {"format": 1, "version": "child", "effective_from": "2027-01-01", "based_on": "base", "params": {"pending_days": 2}}
    submit(central, child)
    found = central.core.rules.diff(ZHOU, "base", "child")
    assert [(one.field, one.before, one.after) for one in found] == [("params.pending_days", 0, 2)]
    assert {one.field for one in central.core.rules.diff(ZHOU, "plain", "base")} >= {"params.expiry", "names.multipliers.BIRTHDAY"}
    assert reason_of(lambda: central.core.rules.diff(ZHOU, "base", "none")) is Reason.RULES_UNKNOWN


def test_the_rules_of_any_past_day_can_be_read_again(central: Central) -> None:
    for version, first_day, days in (("v1", "2026-11-25", 1), ("v2", "2026-12-01", 2)):
        submit(central, rules_file(version, first_day, pending_days=days))
        approve(central, version)
    submit(central, rules_file("v3", "2027-02-01"))
    central.clock.moment = datetime(2026, 12, 20, 4, tzinfo=UTC)
    states = [(view.version, view.state) for view in central.core.rules.list(ZHOU)]
    assert states == [("v1", OVER), ("v2", IN_FORCE), ("v3", DRAFT)]
    desk = central.core.rules
    for day, version in ((date(2026, 11, 25), "v1"), (date(2026, 11, 30), "v1"), (date(2026, 12, 1), "v2"), (date(2026, 12, 31), "v2")):
        shown = desk.on(ZHOU, day)
        assert (shown.summary.version, shown.document["params"]["pending_days"]) == (version, int(version[1]))
    assert reason_of(lambda: desk.on(ZHOU, date(2026, 11, 24))) is Reason.RULES_UNKNOWN


def sale(central: Central, member_id: str, sale_id: str, occurred_at: datetime | None) -> Any:
    lines = (SaleLine("sku", "food", 1, 10_000),)
    command = RecordSale(sale_id, "S01", lines, member_id, occurred_at=occurred_at)
    return central.core.ledger.sales.record(TILL, central.envelope(), command)


def test_a_late_sale_is_judged_by_the_rules_of_its_own_time_and_posted_by_those_of_now(central: Central) -> None:
    # Members join later, so that no notice is needed.
    for version, first_day, params in (
        ("v1", "2026-11-24", {"multipliers": double("2026-11-24", "2026-12-31")}),
        ("v2", "2026-11-26", {"multipliers": double("2027-01-01", "2027-01-31"), "fen_per_point": 200, "pending_days": 9}),
    ):
        submit(central, rules_file(version, first_day, **params))
        approve(central, version)
    central.clock.moment = datetime(2026, 11, 25, 15, 50, tzinfo=UTC)
    member_id = member(central)
    on_time = central.clock.moment
    assert sale(central, member_id, "on-time", None).booked.points == 200
    central.clock.moment = datetime(2026, 11, 28, 4, tzinfo=UTC)
    late = sale(central, member_id, "late", on_time)
    assert (late.booked.points, late.applied) == (200, ("DOUBLE",))
    late_after = sale(central, member_id, "after", on_time + timedelta(minutes=30))
    assert (late_after.booked.points, late_after.applied) == (50, ())
    lots = {lot.source: lot for lot in central.core.ledger.accounts.view(TILL, member_id).lots}
    assert (lots["on-time"].available_on, lots["late"].available_on) == (date(2026, 11, 25), date(2026, 12, 7))
    # What a sale earned goes back by the rules that it was judged by, whatever holds when it comes back.
    back = central.core.ledger.returns.record(TILL, central.envelope(), RecordReturn("r1", "on-time"))
    assert back.taken_back == 200
    versions = {row["sale_id"]: row["rules_version"] for row in central.rows("sale")}
    assert versions == {"on-time": "v1", "late": "v1", "after": "v2"}
