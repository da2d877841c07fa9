"""Taking part: the first reason that is true is the answer, a refusal stores nothing, and what is given is given once."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from server_stub.domain.actors import DeviceActor
from server_stub.domain.birthday import AgeBand
from server_stub.domain.clock import business_day
from server_stub.domain.explaining.lines import Line
from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import Refusal
from server_stub.jobs.campaign_reminders import CampaignRemindersJob
from server_stub.storage.members import MemberState, change_member, member_by_application, member_by_id
from tests.support.campaign_stand import campaign
from tests.support.central_service import DEVICE, OTHER_DEVICE, consenting
from tests.support.reward_shop import JOB, QIAN

if TYPE_CHECKING:
    from collections.abc import Callable

    from server_stub.storage.database import Tx
    from tests.support.campaign_stand import CampaignStand

COUPON = {"coupon": {"value_fen": 1000, "minimum_spend_fen": 5000, "valid_days": 30}}
POINTS = {"points": {"points": 50, "valid_days": 90}}
SOON = {"starts": "2026-11-25T00:00:00", "shown_from": "2026-11-20T00:00:00"}
OVER = {"starts": "2026-11-01T00:00:00", "ends": "2026-11-05T00:00:00"}


def refused(call: Callable[[], object]) -> Reason:
    with pytest.raises(Refusal) as caught:
        call()
    return caught.value.reason


def stopped(stand: CampaignStand, **more: Any) -> None:
    stand.announce(campaign(**more))
    stand.campaigns.desk.stop(QIAN, "baking", "complaints")


@pytest.mark.parametrize(
    ("prepare", "reason"),
    [
        (lambda _stand: None, Reason.CAMPAIGN_UNKNOWN),
        (lambda stand: stopped(stand, **SOON), Reason.CAMPAIGN_STOPPED),
        (lambda stand: stand.announce(campaign(**SOON, stores=["harbour"])), Reason.CAMPAIGN_NOT_STARTED),
        (lambda stand: stopped(stand, **OVER), Reason.CAMPAIGN_ENDED),
        (lambda stand: stand.announce(campaign(stores=["harbour"], quota={"total": 1})), Reason.CAMPAIGN_OTHER_STORE),
        (lambda stand: stand.announce(campaign(segment={"joined_until": "2026-11-01"})), Reason.CAMPAIGN_NOT_ELIGIBLE),
        (lambda stand: stand.announce(campaign(quota={"stores": {"lakeside": 0}})), Reason.CAMPAIGN_QUOTA_GONE),
    ],
)
def test_a_refusal_says_why_and_stores_nothing(stand: CampaignStand, prepare: Callable[[Any], Any], reason: Reason) -> None:
    prepare(stand)
    visit = stand.visit(stand.member())
    assert refused(lambda: stand.join(visit)) is reason
    assert stand.central.count("campaign_claim") == 0
    assert {row["taken"] for row in stand.central.rows("campaign_places")} <= {0}


def test_the_device_and_the_visit_must_be_right(stand: CampaignStand) -> None:
    stand.announce(campaign())
    visit = stand.visit(stand.member())
    assert refused(lambda: stand.campaigns.joining.join(QIAN, stand.central.envelope(), visit, "baking")) is Reason.NOT_PERMITTED
    assert refused(lambda: stand.join(visit, device=OTHER_DEVICE)) is Reason.VISIT_OVER
    assert refused(lambda: stand.look(visit, device=OTHER_DEVICE)) is Reason.VISIT_OVER


def test_a_coupon_is_given_in_the_same_transaction_and_once(stand: CampaignStand) -> None:
    stand.announce(campaign(grant=COUPON, stores=["lakeside"], quota={"total": 5}))
    member = stand.member()
    visit, request_id = stand.visit(member), stand.central.request_id()
    first = stand.join(visit, request_id=request_id)
    assert stand.join(visit, request_id=request_id) == first
    assert refused(lambda: stand.join(visit)) is Reason.CAMPAIGN_CLAIMED_ALREADY
    (coupon,) = [row for row in stand.central.rows("coupon") if row["cause"].startswith("campaign:")]
    assert coupon["coupon_id"] == first.coupon_id
    assert (coupon["value_fen"], coupon["state"], coupon["stores"], coupon["rules_version"]) == (
        1000,
        "CLAIMED",
        ["lakeside"],
        "campaign:baking:v1",
    )
    assert stand.look(visit).left == 4
    assert stand.central.core.own_coupons.show(DEVICE, visit, first.coupon_id).coupon.value_fen == 1000
    assert [row["action"] for row in stand.central.rows("audit_event")].count("campaign.joined") == 1


@pytest.mark.parametrize("grant", [{}, {"grant": COUPON}, {"grant": POINTS}])
def test_whoever_takes_part_gets_one_receipt_and_the_same_for_the_same_request(stand: CampaignStand, grant: dict[str, Any]) -> None:
    stand.announce(campaign(**grant))
    member = stand.member()
    visit, request_id = stand.visit(member), stand.central.request_id()
    first = stand.join(visit, request_id=request_id)
    assert stand.join(visit, request_id=request_id).receipt == first.receipt
    rows = [row for row in stand.central.rows("receipt") if row["kind"] == "CAMPAIGN"]
    assert [(row["number"], row["code"]) for row in rows] == [(first.receipt.number, first.receipt.code)]
    assert stand.central.database.read(lambda tx: member_by_application(tx, rows[0]["application_id"])).member_id == member


def test_a_refusal_writes_no_receipt(stand: CampaignStand) -> None:
    stand.announce(campaign(quota={"stores": {"lakeside": 0}}))
    visit, before = stand.visit(stand.member()), stand.central.count("receipt")
    assert refused(lambda: stand.join(visit)) is Reason.CAMPAIGN_QUOTA_GONE
    assert stand.central.count("receipt") == before


def test_the_same_id_with_another_campaign_is_refused(stand: CampaignStand) -> None:
    stand.announce(campaign(), campaign("other"))
    visit, request_id = stand.visit(stand.member()), stand.central.request_id()
    stand.join(visit, request_id=request_id)
    assert refused(lambda: stand.join(visit, "other", request_id=request_id)) is Reason.REQUEST_ID_REUSED


def test_points_are_given_as_often_as_one_may(stand: CampaignStand) -> None:
    stand.announce(campaign(grant=POINTS, per_member=2))
    member = stand.member(points=100)
    visit = stand.visit(member)
    assert stand.join(visit).points == 50
    assert stand.join(visit).points == 50
    assert refused(lambda: stand.join(visit)) is Reason.CAMPAIGN_CLAIMED_ALREADY
    assert stand.counter.free(member)[0] == 200


def test_the_statement_says_which_campaign_gave_points_also_when_it_is_over(stand: CampaignStand) -> None:
    stand.announce(campaign(grant=POINTS))
    visit = stand.visit(stand.member(points=100))
    stand.join(visit)
    stand.announce(campaign(grant=POINTS, **OVER))
    points = stand.central.core.own_points
    movement = points.movements(DEVICE, visit, "", 1).movements[0]
    lots = [lot.provenance for lot in points.account(DEVICE, visit).lots]
    assert (movement.origin, movement.campaign_title, movement.store_name) == ("CAMPAIGN", "亲子烘焙课", "")
    assert {(one.origin.value, one.campaign_title) for one in lots} >= {("CAMPAIGN", "亲子烘焙课")}
    assert {one.campaign_title for one in lots if one.origin != "CAMPAIGN"} <= {""}


def test_places_of_a_store_and_of_all_are_both_taken(stand: CampaignStand) -> None:
    stand.announce(campaign(quota={"total": 3, "stores": {"lakeside": 1, "harbour": 5}}))
    stand.join(stand.visit(stand.member()))
    second = stand.visit(stand.member())
    assert refused(lambda: stand.join(second)) is Reason.CAMPAIGN_QUOTA_GONE
    assert stand.campaigns.desk.show(QIAN, "baking").taken == {"*": "1/3", "harbour": "0/5", "lakeside": "1/1"}
    assert stand.look(device=DeviceActor("K09", "harbour")).left == 2


def test_who_was_two_members_takes_part_as_one(stand: CampaignStand) -> None:
    stand.announce(campaign())
    giver, taker = "m1", "m2"
    stand.counter.join(giver, taker)
    stand.join(stand.visit(giver))
    stand.counter.merge(giver, taker)
    assert refused(lambda: stand.join(stand.visit(taker))) is Reason.CAMPAIGN_CLAIMED_ALREADY


def test_nobody_sees_what_is_asked_and_no_verdict_on_a_member(stand: CampaignStand) -> None:
    stand.announce(campaign(segment={"adult_only": True, "purchases": {"count": 3, "days": 30, "here": True}}, quota={"total": 6}))
    look = stand.look()
    assert (look.refusal, look.way, look.left, look.may_wish) == (None, (), 6, False)
    assert [(one.what.key, one.standing, one.is_met) for one in look.conditions] == [
        ("explain.campaign.adult", None, None),
        ("explain.campaign.purchases_here", None, None),
    ]


def test_purchases_are_told_with_what_is_missing_and_what_came_back_whole_does_not_count(stand: CampaignStand) -> None:
    stand.announce(campaign(segment={"purchases": {"count": 2, "days": 30, "here": True}}))
    member = stand.member()
    stand.sell(member, "s1")
    stand.sell(member, "s2", "harbour")
    stand.sell(member, "s3")
    stand.counter.take_back("s3")
    look = stand.look(stand.visit(member))
    assert look.refusal is Reason.CAMPAIGN_NOT_ELIGIBLE
    (condition,) = look.conditions
    assert (condition.is_met, condition.standing.key, dict(condition.standing.variables)) == (
        False,
        "explain.campaign.purchases.short",
        {"count": "1", "missing": "1"},
    )
    assert [(line.key, dict(line.variables)) for line in look.way] == [
        ("explain.campaign.how.purchases_here", {"count": "1", "day": "2026-11-30"}),
        ("explain.campaign.how.till", {}),
        ("explain.campaign.how.basis", {"version": "1"}),
    ]
    stand.sell(member, "s4")
    assert stand.look(stand.visit(member)).refusal is None
    stand.join(stand.visit(member))


def within(days: int = 30, *, here: bool = True) -> dict[str, Any]:
    return {"ends": "2027-03-01T00:00:00", "segment": {"purchases": {"count": 3, "days": days, "here": here}}}


def test_who_buys_by_the_day_that_was_told_can_take_part(stand: CampaignStand) -> None:
    stand.announce(campaign(**within()))
    member = stand.member()
    stand.sell(member, "s1")
    stand.central.clock.advance(days=10)
    stand.sell(member, "s2")
    stand.central.clock.advance(days=15)
    told = stand.look(stand.visit(member)).way[0]
    today = business_day(stand.central.clock.now())
    # The first purchase is 25 days old and falls out after 30: not the last day of the campaign, months later.
    assert told == Line("explain.campaign.how.purchases_here", {"count": "1", "day": (today + timedelta(days=4)).isoformat()})
    stand.central.clock.advance(days=4)
    stand.sell(member, "s3")
    assert stand.look(stand.visit(member)).refusal is None
    stand.central.clock.advance(days=1)
    assert stand.look(stand.visit(member)).refusal is Reason.CAMPAIGN_NOT_ELIGIBLE


@pytest.mark.parametrize(("here", "key"), [(True, "within_here"), (False, "within")])
def test_where_no_day_can_be_kept_the_whole_number_is_told(stand: CampaignStand, key: str, *, here: bool) -> None:
    stand.announce(campaign(**within(here=here)))
    member = stand.member()
    whole = Line(f"explain.campaign.how.{key}", {"count": "3", "days": "30"})
    assert stand.look(stand.visit(member)).way[0] == whole
    stand.sell(member, "s1")
    stand.central.clock.advance(days=29)
    assert stand.look(stand.visit(member)).way[0] == whole


def test_near_the_end_what_is_missing_is_told_by_the_last_day(stand: CampaignStand) -> None:
    stand.announce(campaign(**within() | {"ends": "2026-12-01T00:00:00"}))
    assert stand.look(stand.visit(stand.member())).way[0].variables == {"count": "3", "day": "2026-11-30"}


def test_what_is_missing_is_told_whole(stand: CampaignStand) -> None:
    stand.counter.rules(tiers=[{"name": "basic", "min": 0}, {"name": "gold", "min": 500}])
    asked = {"min_tier": "gold", "purchases": {"count": 3, "days": 30, "here": True}, "marketing_consent": True}
    stand.announce(campaign(segment=asked))
    look = stand.look(stand.visit(stand.member(points=0)))
    assert sum(not one.is_met for one in look.conditions) == 3
    assert [line.key.rpartition(".")[2] for line in look.way] == ["tier", "purchases_here", "consent"]


def test_a_tier_is_told_by_its_name_with_what_is_missing(stand: CampaignStand) -> None:
    stand.counter.rules(tiers=[{"name": "basic", "min": 0}, {"name": "gold", "min": 500}])
    stand.announce(campaign(segment={"min_tier": "gold"}))
    member = stand.member(points=0)
    look = stand.look(stand.visit(member))
    assert look.refusal is Reason.CAMPAIGN_NOT_ELIGIBLE
    assert look.way[0].key == "explain.campaign.how.tier"
    assert look.way[0].variables["tier"] == "gold"
    assert look.conditions[0].standing.variables["tier"] == "basic"


def test_what_is_missing_to_a_tier_is_told_until_the_end_of_the_year_whose_purchases_count(stand: CampaignStand) -> None:
    stand.counter.rules(tiers=[{"name": "basic", "min": 0}, {"name": "gold", "min": 500}])
    for ends, day in (("2028-01-01T00:00:00", "2026-12-31"), ("2026-12-01T00:00:00", "2026-11-30")):
        stand.announce(campaign(segment={"min_tier": "gold"}, ends=ends))
        assert stand.look(stand.visit(stand.member(points=0))).way[0].variables["day"] == day


def test_minors_and_offers(stand: CampaignStand) -> None:
    stand.announce(campaign(segment={"adult_only": True, "marketing_consent": True}, reminder=True))
    minor = stand.visit(stand.member(age_band=AgeBand.FROM_14_TO_17))
    adult = stand.visit(stand.member(consents=consenting("marketing")))
    assert [one.is_met for one in stand.look(minor).conditions] == [False, False]
    assert [line.key for line in stand.look(minor).way] == [
        "explain.campaign.how.adult",
        "explain.campaign.how.consent",
        "explain.campaign.how.basis",
    ]
    assert stand.look(adult).refusal is None
    assert not stand.look(minor).may_wish
    assert refused(lambda: stand.wish(minor)) is Reason.CAMPAIGN_NO_REMINDER


def test_a_wish_needs_agreement_and_a_campaign_that_offers_it(stand: CampaignStand) -> None:
    stand.announce(
        campaign(**SOON, reminder=True), campaign("none", **SOON), campaign("open", reminder=True), campaign("over", **OVER, reminder=True)
    )
    visit = stand.visit(stand.member())
    assert refused(lambda: stand.wish(visit, agrees=False)) is Reason.PURPOSE_NOT_CONSENTED
    assert refused(lambda: stand.wish(visit, "none")) is Reason.CAMPAIGN_NO_REMINDER
    assert refused(lambda: stand.wish(visit, "open")) is Reason.CAMPAIGN_NO_REMINDER
    assert refused(lambda: stand.wish(visit, "over")) is Reason.CAMPAIGN_ENDED
    assert refused(lambda: stand.wish(visit, "nothing")) is Reason.CAMPAIGN_UNKNOWN
    assert stand.central.count("campaign_reminder") == 0


def test_who_wished_is_told_once_when_it_is_so(stand: CampaignStand) -> None:
    stand.announce(campaign(**SOON, reminder=True))
    member = stand.member()
    visit, job = stand.visit(member), CampaignRemindersJob(stand.campaigns.reminders, batch=1)
    assert stand.look(visit).may_wish
    stand.wish(visit)
    stand.wish(visit)
    look = stand.look(visit)
    assert (look.has_wished, look.may_wish, look.way[0].key) == (True, False, "explain.campaign.how.wait")
    assert job.run(JOB) == 0
    stand.central.clock.advance(days=3)
    assert job.run(JOB) == 1
    assert job.run(JOB) == 0
    (payload,) = [payload for template, payload in stand.central.messages() if template == "campaign_open"]
    assert payload.variables == {"title": "亲子烘焙课", "until": "2026-11-30"}


def test_nobody_is_told_of_what_was_stopped(stand: CampaignStand) -> None:
    stand.announce(campaign(**SOON, reminder=True))
    stand.wish(stand.visit(stand.member()))
    stand.campaigns.desk.stop(QIAN, "baking", "complaints")
    stand.central.clock.advance(days=3)
    assert CampaignRemindersJob(stand.campaigns.reminders).run(JOB) == 0


def become(stand: CampaignStand, member_id: str, state: MemberState) -> None:
    def changing(tx: Tx) -> None:
        member = member_by_id(tx, member_id)
        assert member is not None
        change_member(tx, member, {"state": state})

    stand.central.database.write(changing)


@pytest.mark.tampers
@pytest.mark.parametrize("state", [MemberState.SUSPENDED, MemberState.CLOSING, MemberState.CLOSED])
def test_who_is_no_active_member_is_not_told(stand: CampaignStand, state: MemberState) -> None:
    stand.announce(campaign(**SOON, reminder=True))
    member = stand.member()
    stand.wish(stand.visit(member))
    become(stand, member, state)
    stand.central.clock.advance(days=3)
    assert CampaignRemindersJob(stand.campaigns.reminders).run(JOB) == 0
    assert [template for template, _ in stand.central.messages() if template == "campaign_open"] == []
    # The wish is kept: who becomes active again is told.
    become(stand, member, MemberState.ACTIVE)
    assert CampaignRemindersJob(stand.campaigns.reminders).run(JOB) == 1
