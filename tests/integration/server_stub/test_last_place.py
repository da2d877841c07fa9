"""Many members want to take part at the same moment: exactly as many do as there are places (row 60)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from server_stub.domain.reasons import Reason
from tests.integration.server_stub.test_last_piece import CALLERS, all_at_once, judge, members
from tests.support.campaign_stand import CampaignStand, campaign
from tests.support.central_service import central_service

if TYPE_CHECKING:
    from collections.abc import Callable

PLACES = 7


def test_of_two_hundred_as_many_take_part_as_there_are_places(database_address: str) -> None:
    with central_service(database_address) as central:
        stand = CampaignStand(central)
        coupon = {"coupon": {"value_fen": 1000, "valid_days": 30}}
        stand.announce(campaign(quota={"total": PLACES, "stores": {"lakeside": 50}}, grant=coupon))
        visits = [stand.visit(member) for member in members(central, stand, CALLERS, 10)]

        def wanting(visit: str) -> Callable[[], object]:
            return lambda: stand.join(visit)

        judge(all_at_once([wanting(visit) for visit in visits]), Reason.CAMPAIGN_QUOTA_GONE, winners=PLACES)
        assert {row["store_id"]: row["taken"] for row in central.rows("campaign_places")} == {"": PLACES, "lakeside": PLACES}
        assert central.count("campaign_claim") == PLACES
        assert len([row for row in central.rows("coupon") if row["cause"].startswith("campaign:")]) == PLACES


def test_one_member_at_many_kiosks_takes_part_once(database_address: str) -> None:
    with central_service(database_address) as central:
        stand = CampaignStand(central)
        stand.announce(campaign(grant={"points": {"points": 50, "valid_days": 30}}, quota={"total": 100}))
        visit = stand.visit(stand.member(points=0))
        judge(all_at_once([lambda: stand.join(visit) for _ in range(20)]), Reason.CAMPAIGN_CLAIMED_ALREADY)
        assert [row["taken"] for row in central.rows("campaign_places")] == [1]
        stand.counter.prove()
