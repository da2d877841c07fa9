"""Why, for the member and for the desk; tiers of any day; corrections by two people."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy.exc import DBAPIError

from server_stub.domain.actors import Role, StaffActor, SystemActor
from server_stub.domain.language import Language
from server_stub.domain.ledger.calendar import start_of
from server_stub.domain.ledger_commands import MergeMembers, RecordReturn, RecordSale, Redeem, SaleLine, Tender
from server_stub.domain.program.catalogue import load_rule_set, rule_set_document
from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import Refusal
from server_stub.services.benefits import BenefitKind
from server_stub.services.ledger.adjustment_requests import AskAdjustment
from server_stub.storage.codes import CodePurpose
from tests.support.central_service import ADMIN, DEVICE, OTHER_DEVICE, Central
from tests.unit.server_stub.services.test_coupons import TILL, member
from tests.unit.server_stub.services.test_rule_desk import ZHAO, ZHOU, reason_of

if TYPE_CHECKING:
    from collections.abc import Callable

DESK = StaffActor("chen", frozenset({Role.STORE_STAFF}))
QIAN = StaffActor("qian", frozenset({Role.MANAGER}))
OTHER = "13900139000"


def publish(central: Central, name: str, version: str = "v1", first_day: str = "2026-11-24") -> None:
    """Publishes a shipped rule set before there are members, and goes to its first day."""
    document = rule_set_document(name) | {"version": version, "effective_from": first_day}
    central.core.rules.submit(ZHOU, central.envelope(), document)
    central.core.rules.approve(ZHAO, central.envelope(), version)
    central.clock.moment = datetime.fromisoformat(f"{first_day}T02:00:00+00:00")


def visit(central: Central, mobile: str = "13800138000", device: Any = DEVICE) -> str:
    return central.core.members.identify(device, central.proof(mobile, CodePurpose.SIGN_IN, device)).visit_token


def buy(central: Central, member_id: str, sale_id: str, fen: int, *, category: str = "food", **fields: Any) -> Any:
    command = RecordSale(sale_id, "S01", (SaleLine("sku", category, 1, fen),), member_id, **fields)
    return central.core.ledger.sales.record(TILL, central.envelope(), command)


def number_of(central: Central, member_id: str) -> str:
    return next(row["number"] for row in central.rows("member") if row["member_id"] == member_id)


def refusal_of(work: Callable[[], object]) -> Any:
    with pytest.raises(Refusal) as caught:
        work()
    return caught.value.refused


def test_a_member_learns_why_a_sale_earned_what_it_earned_in_the_language_of_the_visit(central: Central) -> None:
    publish(central, "yonghui-card", first_day="2027-02-06")
    member_id = member(central)
    buy(central, member_id, "s1", 12_850, tenders=(Tender("member_card", 12_850),))
    token = visit(central)
    lines = central.core.decisions.explain_sale(DEVICE, token, "s1", Language.ZH_HANT)
    assert [(line.key, dict(line.variables)) for line in lines] == [
        ("explain.sale.earned", {"points": "257", "amount": "128.50"}),
        ("explain.sale.multiplied", {"multiplier": "春節", "factor": "2"}),
        ("explain.sale.next_point", {"amount": "0.50"}),
    ]
    assert [line.rules for line in lines] == ["v1", "", ""]


def test_what_is_anothers_is_refused_as_what_is_not_there(central: Central) -> None:
    mine, other = member(central), member(central, OTHER)
    buy(central, other, "theirs", 10_000)
    redeemed = Redeem("r1", other, points=50)
    central.core.ledger.redemptions.redeem(TILL, central.envelope(), redeemed)
    token, decisions = visit(central), central.core.decisions
    assert mine != other
    unknown = refusal_of(lambda: decisions.explain_sale(DEVICE, token, "none", Language.EN))
    assert refusal_of(lambda: decisions.explain_sale(DEVICE, token, "theirs", Language.EN)) == unknown
    assert unknown.reason is Reason.SALE_UNKNOWN
    unknown = refusal_of(lambda: decisions.explain_redemption(DEVICE, token, "none"))
    assert refusal_of(lambda: decisions.explain_redemption(DEVICE, token, "r1")) == unknown
    assert unknown.reason is Reason.REDEMPTION_UNKNOWN
    # The visit is of one device, and a till or a desk has none.
    assert reason_of(lambda: decisions.explain_sale(OTHER_DEVICE, token, "theirs", Language.EN)) is Reason.VISIT_OVER
    assert reason_of(lambda: decisions.explain_sale(DESK, token, "theirs", Language.EN)) is Reason.NOT_PERMITTED
    theirs = visit(central, OTHER, OTHER_DEVICE)
    assert decisions.explain_sale(OTHER_DEVICE, theirs, "theirs", Language.EN)[0].variables["points"] == "100"
    redemption = decisions.explain_redemption(OTHER_DEVICE, theirs, "r1")[0]
    assert (redemption.key, redemption.rules) == ("explain.redemption.committed", "built-in:plain")


def test_the_desk_sees_every_step_of_a_sale(central: Central) -> None:
    publish(central, "wanjia-plaza")
    member_id = member(central)
    lines = (SaleLine("rice", "food", 2, 1_200, 100), SaleLine("ring", "gold", 1, 90_000))
    central.core.ledger.sales.record(TILL, central.envelope(), RecordSale("s1", "S01", lines, member_id, tags=("fair",)))
    central.core.ledger.returns.record(TILL, central.envelope(), RecordReturn("b1", "s1"))
    trace = central.core.decisions.trace(DESK, "s1")
    assert (trace["rules"], trace["eligible_fen"], trace["total_fen"], trace["earned"]) == ("v1", 2_300, 92_300, 2)
    assert trace["arithmetic"].startswith("2300 fen / 1000 = 2 (round_at base")
    assert [(line["line"], line["net_fen"], line["counts"]) for line in trace["lines"]] == [(1, 2_300, True), (2, 90_000, False)]
    assert trace["returns"][0]["taken_back"] == 2
    assert reason_of(lambda: central.core.decisions.trace(DESK, "none")) is Reason.SALE_UNKNOWN
    assert reason_of(lambda: central.core.decisions.trace(ADMIN, "s1")) is Reason.NOT_PERMITTED


def test_tiers_of_any_day_and_their_progress(central: Central) -> None:
    publish(central, "hexing-mall")
    member_id, tiers = member(central), central.core.ledger.tiers
    number = number_of(central, member_id)
    buy(central, member_id, "s1", 198_770)
    token = visit(central)
    progress = central.core.decisions.progress(DEVICE, token, Language.EN)
    assert (progress.tier_name, progress.next_name, progress.lines[0].rules) == ("Points card", "Silver", "v1")
    assert dict(progress.lines[1].variables) == {"amount": "13.00", "day": "2026-12-31", "tier": "Silver"}
    central.clock.advance(days=2)
    buy(central, member_id, "s2", 5_000)
    central.clock.moment = datetime(2027, 3, 1, 4, tzinfo=UTC)
    central.core.ledger.returns.record(TILL, central.envelope(), RecordReturn("b1", "s2"))
    expected = {
        date(2026, 11, 24): "points_card",
        date(2026, 11, 25): "points_card",
        date(2026, 11, 26): "silver",
        date(2027, 2, 28): "silver",
        date(2027, 3, 1): "points_card",
    }
    assert {day: tiers.of_number(DESK, number, day).tier for day in expected} == expected
    assert [(row.tier, row.from_day) for row in tiers.history(DESK, number)][-3:] == [
        ("points_card", date(2026, 11, 24)),
        ("silver", date(2026, 11, 26)),
        ("points_card", date(2027, 3, 1)),
    ]
    assert reason_of(lambda: tiers.of_number(DESK, number, date(2026, 11, 23))) is Reason.MEMBER_UNKNOWN
    assert reason_of(lambda: tiers.of_number(DESK, number, date(2027, 3, 2))) is Reason.FUTURE_DATE
    assert reason_of(lambda: tiers.of_number(ADMIN, number, date(2026, 11, 26))) is Reason.NOT_PERMITTED


def test_a_tier_that_time_took_is_recorded_from_new_year_on(central: Central) -> None:
    publish(central, "hexing-mall")
    member_id = member(central)
    buy(central, member_id, "s1", 250_000)
    central.clock.moment = datetime(2028, 2, 3, 4, tzinfo=UTC)
    buy(central, member_id, "s2", 100)
    rows = central.core.ledger.tiers.history(DESK, number_of(central, member_id))
    assert (rows[-1].tier, rows[-1].from_day) == ("points_card", date(2028, 1, 1))
    assert central.core.ledger.tiers.of_number(DESK, number_of(central, member_id), date(2027, 12, 31)).tier == "silver"
    assert central.core.ledger.tiers.of_number(DESK, number_of(central, member_id), date(2028, 1, 1)).tier == "points_card"


def test_a_tier_that_rules_gave_is_recorded_from_their_first_day_on(central: Central) -> None:
    member_id = member(central)
    number, tiers = number_of(central, member_id), central.core.ledger.tiers
    buy(central, member_id, "s1", 250_000)
    began = date(2026, 11, 25)
    central.core.ledger.programme.publish(SystemActor("rules"), "v1", load_rule_set("hexing-mall"), start_of(began))
    central.clock.advance(days=20)
    buy(central, member_id, "s2", 100)
    row = tiers.history(DESK, number)[-1]
    assert (row.tier, row.from_day) == (tiers.of_number(DESK, number, began).tier, began)


def test_a_merge_brings_the_points_of_years_and_past_days_stay_as_they_were(central: Central) -> None:
    publish(central, "hexing-mall")
    giver, taker = member(central, OTHER), member(central)
    buy(central, giver, "s1", 150_000)
    buy(central, taker, "s2", 60_000)
    central.clock.advance(days=1)
    command = MergeMembers("m1", giver, taker, "zhao", "qian")
    central.core.ledger.merging.merge(TILL, central.envelope(), command)
    tiers, number = central.core.ledger.tiers, number_of(central, taker)
    assert tiers.of_number(DESK, number, date(2026, 11, 24)).tier == "points_card"
    assert tiers.of_number(DESK, number, date(2026, 11, 25)).tier == "silver"
    assert tiers.of_number(DESK, number_of(central, giver), date(2026, 11, 24)).this_year == 1_500
    assert reason_of(lambda: tiers.of_number(DESK, number_of(central, giver), date(2026, 11, 25))) is Reason.MEMBER_MERGED


def test_everything_that_a_member_has_is_listed_with_its_last_day(central: Central) -> None:
    publish(central, "hexing-mall")
    member(central)
    found = central.core.benefits.list(DEVICE, visit(central), Language.ZH_HANS)
    assert [one.kind for one in found] == [
        BenefitKind.TIER,
        BenefitKind.POINTS,
        BenefitKind.COUPON,
        BenefitKind.COUPON,
        BenefitKind.BIRTHDAY,
    ]
    assert found[1].amount == 200
    assert found[1].last_day > "2027"
    assert [one.last_day for one in found[2:4]] == sorted(one.last_day for one in found[2:4])
    assert [line.key for line in found[4].lines] == ["explain.no.BIRTHDAY_MISSING"]
    assert reason_of(lambda: central.core.benefits.list(DEVICE, "vis.none", Language.EN)) is Reason.VISIT_OVER


def test_a_reward_says_what_is_missing(central: Central) -> None:
    publish(central, "yonghui-card")
    member(central)
    token = visit(central)
    lines = central.core.decisions.explain_reward(DEVICE, token, "towel", Language.EN)
    assert [line.key for line in lines] == ["explain.no.REDEMPTION_CLOSED", "explain.help.opens"]
    assert central.core.decisions.explain_reward(DEVICE, token, "none", Language.EN)[0].key == "explain.no.REWARD_UNKNOWN"
    assert central.core.decisions.tiers(DEVICE, Language.EN) == ()


def test_what_the_tiers_are_called_follows_the_rules_in_force(central: Central) -> None:
    assert central.core.decisions.tier_names() == {}, "rules without tiers"
    document = rule_set_document("hexing-mall") | {"version": "v1", "effective_from": "2026-11-24"}
    jade = {"zh-Hans": "玉石", "zh-Hant": "玉石", "en": "Jade"}
    document["names"] = document["names"] | {"tiers": document["names"]["tiers"] | {"gold": jade}}
    central.core.rules.submit(ZHOU, central.envelope(), document)
    central.core.rules.approve(ZHAO, central.envelope(), "v1")
    assert central.core.decisions.tier_names() == {}, "not before their first day"
    central.clock.moment = datetime.fromisoformat("2026-11-24T02:00:00+00:00")
    named = central.core.decisions.tier_names()
    assert (list(named), named["gold"]["zh-Hant"], named["silver"]["en"]) == (["points_card", "silver", "gold"], "玉石", "Silver")


def test_a_tier_without_a_name_is_left_to_the_kiosk(central: Central) -> None:
    """Rules can be published past the file that names them; hello must not fail over it."""
    rules = load_rule_set("hexing-mall")
    central.core.ledger.programme.publish(SystemActor("rules"), "v1", rules, start_of(date(2026, 11, 24)))
    central.clock.moment = datetime.fromisoformat("2026-11-24T02:00:00+00:00")
    assert [level.name for level in rules.tiers] == ["points_card", "silver", "gold"]
    assert central.core.decisions.tier_names() == {}


def ask(central: Central, number: str, actor: Any = DESK, **fields: Any) -> Any:
    wanted = AskAdjustment(**{"membership_number": number, "points": 50, "reason": "voided twice", "case_id": "C-7", **fields})
    return central.core.ledger.adjustment_requests.ask(actor, central.envelope(), wanted)


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"points": 0}, Reason.AMOUNT_ZERO),
        ({"number": "8800000000000000"}, Reason.MEMBER_UNKNOWN),
        ({"case_id": " "}, Reason.CASE_MISSING),
        ({"reason": ""}, Reason.REQUEST_MALFORMED),
        ({"points": 10_001}, Reason.OVER_LIMIT),
        ({"points": -10_001}, Reason.OVER_LIMIT),
        ({"expires_on": date(2026, 11, 23)}, Reason.EXPIRY_IN_PAST),
        ({"actor": ADMIN}, Reason.NOT_PERMITTED),
    ],
)
def test_a_senseless_correction_is_not_even_kept(central: Central, fields: dict[str, Any], reason: Reason) -> None:
    number = number_of(central, member(central))
    before = central.count("request_log")
    wanted = {"number": number, **fields}
    assert reason_of(lambda: ask(central, **wanted)) is reason
    assert (central.count("adjustment_request"), central.count("request_log")) == (0, before)


def test_a_correction_is_booked_once_by_a_second_person(central: Central) -> None:
    member_id = member(central)
    number, desk = number_of(central, member_id), central.core.ledger.adjustment_requests
    own = ask(central, number, QIAN)
    assert reason_of(lambda: desk.approve(QIAN, central.envelope(), own.adjustment_id)) is Reason.SELF_APPROVAL
    assert reason_of(lambda: desk.approve(DESK, central.envelope(), own.adjustment_id)) is Reason.NOT_PERMITTED
    assert central.count("adjustment") == 0
    envelope = central.envelope()
    booked = desk.approve(ZHAO, envelope, own.adjustment_id)
    assert (booked.points, booked.is_replay) == (50, False)
    assert desk.approve(ZHAO, envelope, own.adjustment_id).is_replay
    assert reason_of(lambda: desk.approve(ZHAO, central.envelope(), own.adjustment_id)) is Reason.ADJUSTMENT_UNKNOWN
    assert reason_of(lambda: desk.approve(ZHAO, central.envelope(), "none")) is Reason.ADJUSTMENT_UNKNOWN
    assert [row["case_id"] for row in central.rows("adjustment")] == ["C-7"]
    assert [(row["proposed_by"], row["approved_by"]) for row in central.rows("adjustment")] == [("qian", "zhao")]
    assert desk.waiting(DESK) == ()
    with pytest.raises(DBAPIError, match=r"append-only|permission denied"):
        central.database.write(lambda tx: tx.connection.exec_driver_sql("DELETE FROM adjustment_approval"))


def test_a_correction_waits_for_a_second_person_for_thirty_days(central: Central) -> None:
    number, desk = number_of(central, member(central)), central.core.ledger.adjustment_requests
    late, in_time = ask(central, number, QIAN), ask(central, number, QIAN)
    central.clock.advance(days=30)
    desk.approve(ZHAO, central.envelope(), in_time.adjustment_id)
    assert [row.adjustment_id for row in desk.waiting(DESK)] == [late.adjustment_id]
    central.clock.advance(seconds=1)
    assert desk.waiting(DESK) == ()
    assert reason_of(lambda: desk.approve(ZHAO, central.envelope(), late.adjustment_id)) is Reason.ADJUSTMENT_UNKNOWN


def test_what_is_not_there_any_more_cannot_be_taken(central: Central) -> None:
    member_id = member(central)
    taking = ask(central, number_of(central, member_id), points=-5_000)
    desk = central.core.ledger.adjustment_requests
    assert reason_of(lambda: desk.approve(ZHAO, central.envelope(), taking.adjustment_id)) is Reason.INSUFFICIENT_AVAILABLE
    assert [row.adjustment_id for row in desk.waiting(DESK)] == [taking.adjustment_id]
