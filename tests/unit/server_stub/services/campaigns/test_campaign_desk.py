"""Staff load campaigns, whole or not at all, stop one with a reason, and see what holds."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from server_stub.domain.actors import Actor, DeviceActor, Role, StaffActor, SystemActor
from server_stub.domain.campaigns.board_order import EVERYWHERE, MOST_SHOWN, Crowd
from server_stub.domain.campaigns.campaign_file import BadCampaigns, read_campaigns
from server_stub.domain.campaigns.pictures import PICTURES
from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import Refusal
from tests.architecture.tree import ROOT
from tests.support.campaign_stand import campaign
from tests.support.central_service import ADMIN, DEVICE, LI
from tests.support.reward_shop import CLERK, QIAN

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.support.campaign_stand import CampaignStand

MARKETING = StaffActor("zhou", frozenset({Role.MARKETING}))
HARBOUR = DeviceActor("K09", "harbour")


def refused(call: Callable[[], object]) -> Reason:
    with pytest.raises(Refusal) as caught:
        call()
    return caught.value.reason


@pytest.mark.parametrize("actor", [DEVICE, LI, ADMIN, CLERK, SystemActor(), MARKETING])
def test_only_a_manager_loads_campaigns(stand: CampaignStand, actor: Actor) -> None:
    assert refused(lambda: stand.campaigns.desk.load(actor, read_campaigns({"campaign": [campaign()]}))) is Reason.NOT_PERMITTED
    assert stand.central.count("campaign_version") == 0


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"stores": ["nowhere"]}, "campaign[2].stores.nowhere"),
        ({"quota": {"stores": {"nowhere": 3}}}, "campaign[2].quota.stores.nowhere"),
        ({"segment": {"min_tier": "platinum"}}, "campaign[2].segment.min_tier"),
        ({"picture": "campaign-nope"}, "campaign[2].picture"),
    ],
)
def test_nothing_is_half_loaded(stand: CampaignStand, wrong: dict[str, Any], field: str) -> None:
    with pytest.raises(BadCampaigns) as caught:
        stand.announce(campaign("good"), campaign("bad", **wrong))
    assert [flawed.field for flawed in caught.value.flaws] == [field]
    assert stand.central.count("campaign_version") == stand.central.count("campaign_places") == 0


def test_the_pictures_that_can_be_named_are_those_that_kiosks_have() -> None:
    drawn = {path.stem for path in (ROOT / "screens/assets/art").glob("*.png")}
    assert {name for name in drawn if name.startswith(("attract-", "campaign-", "reward-"))} == PICTURES


def test_a_rehearsal_tells_and_stores_nothing(stand: CampaignStand) -> None:
    wanted = read_campaigns({"campaign": [campaign()]})
    assert stand.campaigns.desk.load(QIAN, wanted, is_rehearsal=True).added == ("baking",)
    assert stand.central.count("campaign_version") == 0


def test_an_edit_is_another_version_and_the_same_again_is_none(stand: CampaignStand) -> None:
    assert stand.announce(campaign("a"), campaign("b")).added == ("a", "b")
    loaded = stand.announce(campaign("b"), campaign("a", per_member=2), campaign("c"))
    assert (loaded.added, loaded.changed, loaded.unchanged) == (("c",), ("a",), ("b",))
    assert {one.campaign_id: one.version for one in stand.campaigns.desk.list(QIAN)} == {"a": 2, "b": 1, "c": 1}


def test_what_a_file_does_not_name_stays(stand: CampaignStand) -> None:
    stand.announce(campaign("a"))
    stand.announce(campaign("b"))
    assert stand.shown() == ["a", "b"]


@pytest.mark.parametrize("reason", ["", "   ", "\n", "x" * 201])
def test_a_stop_without_a_reason_is_refused(stand: CampaignStand, reason: str) -> None:
    stand.announce(campaign())
    assert refused(lambda: stand.campaigns.desk.stop(QIAN, "baking", reason)) is Reason.CAMPAIGN_STOP_REASON
    assert stand.central.count("campaign_switch") == 0
    assert stand.shown() == ["baking"]


def test_who_may_stop_and_who_may_let_go_on(stand: CampaignStand) -> None:
    stand.announce(campaign())
    desk = stand.campaigns.desk
    assert refused(lambda: desk.stop(CLERK, "baking", "complaints")) is Reason.NOT_PERMITTED
    assert refused(lambda: desk.stop(QIAN, "nothing", "complaints")) is Reason.CAMPAIGN_UNKNOWN
    assert refused(lambda: desk.resume(QIAN, "baking", "better")) is Reason.WRONG_STATE
    assert desk.stop(MARKETING, "baking", "complaints").state == "PAUSED"
    assert refused(lambda: desk.stop(QIAN, "baking", "again")) is Reason.WRONG_STATE
    assert refused(lambda: desk.resume(MARKETING, "baking", "better")) is Reason.NOT_PERMITTED
    assert desk.list(QIAN)[0].stopped_because == "complaints"
    assert desk.resume(QIAN, "baking", "better").state == "RUNNING"
    actions = [row["action"] for row in stand.central.rows("audit_event") if row["action"].startswith("campaign.")]
    assert actions == ["campaign.versioned", "campaign.stopped", "campaign.resumed"]


def test_what_is_stopped_stays_stopped_when_it_is_loaded_anew(stand: CampaignStand) -> None:
    stand.announce(campaign())
    stand.campaigns.desk.stop(QIAN, "baking", "complaints")
    stand.announce(campaign(per_member=3))
    assert stand.shown() == []


def test_the_board_is_a_delta_of_its_store(stand: CampaignStand) -> None:
    assert stand.shown() is None
    stand.announce(campaign("here", stores=["lakeside"]), campaign("there", stores=["harbour"]), campaign("everywhere"))
    version = stand.campaigns.board.of_store(DEVICE, 0).version
    assert stand.shown() == ["everywhere", "here"]
    assert stand.shown(HARBOUR) == ["everywhere", "there"]
    assert stand.shown(known=version) is None
    stand.campaigns.desk.stop(QIAN, "here", "complaints")
    assert stand.shown(known=version) == ["everywhere"]


def many(prefix: str, count: int, **more: Any) -> list[dict[str, Any]]:
    return [campaign(f"{prefix}{n:02d}", **more) for n in range(count)]


def test_what_runs_is_not_hidden_by_any_number_that_come_later(stand: CampaignStand) -> None:
    later = {"starts": "2026-11-28T00:00:00", "ends": "2026-11-29T00:00:00", "shown_from": "2026-11-28T00:00:00"}
    stand.announce(*many("later", MOST_SHOWN, **later), campaign("now", ends="2027-11-30T00:00:00"))
    shown = stand.shown() or []
    assert (len(shown), shown[0]) == (MOST_SHOWN, "now")


def test_what_runs_comes_first_then_what_is_announced_then_what_is_shown_soonest(stand: CampaignStand) -> None:
    coming = {"ends": "2026-12-25T00:00:00"}
    stand.announce(
        campaign("latest", starts="2026-12-03T00:00:00", **coming),
        campaign("soon", starts="2026-12-05T00:00:00", shown_from="2026-12-02T00:00:00", **coming),
        campaign("announced", starts="2026-12-04T00:00:00", shown_from="2026-11-20T00:00:00", **coming),
        campaign("long", ends="2026-12-31T00:00:00"),
        campaign("short", ends="2026-12-02T00:00:00"),
    )
    assert stand.shown() == ["short", "long", "announced", "soon", "latest"]


def test_a_chain_with_forty_at_once_has_them_all_on_its_kiosks(stand: CampaignStand) -> None:
    loaded = stand.announce(*many("c", 40))
    assert (len(stand.shown() or ()), loaded.crowded) == (40, ())


def test_one_for_which_there_was_no_room_is_sent_when_another_is_over(stand: CampaignStand) -> None:
    stand.announce(campaign("first", ends="2026-12-02T00:00:00"), *many("c", MOST_SHOWN, ends="2026-12-20T00:00:00"))
    board = stand.campaigns.board.of_store(DEVICE, 0)
    assert [one.campaign_id for one in board.campaigns or ()][:2] == ["first", "c00"]
    assert len(board.campaigns or ()) == MOST_SHOWN
    assert stand.shown(known=board.version) is None
    stand.central.clock.advance(days=11)
    left = stand.shown(known=board.version)
    assert left is not None
    assert left[-1] == f"c{MOST_SHOWN - 1}"
    assert left == stand.shown()


def test_more_at_once_than_kiosks_show_are_told_when_they_are_loaded(stand: CampaignStand) -> None:
    over = many("over", 5, starts="2026-10-01T00:00:00", ends="2026-10-02T00:00:00")
    assert stand.announce(*many("c", MOST_SHOWN - 1), *over).crowded == ()
    # One takes the place of another.
    assert stand.announce(campaign("d", starts="2026-12-01T00:00:00", ends="2026-12-09T00:00:00"), campaign("e")).crowded == ()
    here = campaign("here", starts="2026-11-30T00:00:00", stores=["lakeside"])
    told = stand.campaigns.desk.load(QIAN, read_campaigns({"campaign": [here]}), is_rehearsal=True).crowded
    assert told == stand.announce(here).crowded == (Crowd("lakeside", datetime(2026, 11, 29, 16, tzinfo=UTC), MOST_SHOWN + 1),)
    assert [crowd.store_id for crowd in stand.announce(campaign("more"), campaign("most")).crowded] == [EVERYWHERE]
    for campaign_id in ("more", "most", "c00"):
        stand.campaigns.desk.stop(QIAN, campaign_id, "too many")
    assert stand.announce(here).crowded == ()


def test_the_board_holds_what_begins_later_and_not_what_is_over(stand: CampaignStand) -> None:
    later = {"starts": "2026-12-24T00:00:00", "ends": "2026-12-27T00:00:00", "shown_from": "2026-12-20T00:00:00"}
    past = {"starts": "2026-11-01T00:00:00", "ends": "2026-11-05T00:00:00"}
    stand.announce(campaign("later", **later), campaign("past", **past))
    assert stand.shown() == ["later"]
    assert {one.campaign_id: one.state for one in stand.campaigns.desk.list(QIAN)} == {"later": "SCHEDULED", "past": "ENDED"}


def test_as_many_of_the_longest_campaigns_as_are_sent_fit_into_a_quarter_of_a_message(stand: CampaignStand) -> None:
    from server_stub.rpc.campaign import encoded_board

    texts = {name: {"zh-Hans": "课" * (size // 2), "zh-Hant": "課" * (size // 2), "en": "w" * size} for name, size in LONGEST.items()}
    # Three bytes and one letter wide; as long as an id may be.
    texts = {name: {**said, "en": "‰" * LONGEST[name]} for name, said in texts.items()}
    grant = {"points": {"points": 100_000, "valid_days": 366}}
    stand.announce(*(campaign(f"{n:040d}", grant=grant, **texts) for n in range(MOST_SHOWN + 8)))
    message = encoded_board(stand.campaigns.board.of_store(DEVICE, 0))
    assert len(message.campaigns) == MOST_SHOWN
    assert message.ByteSize() < 1024 * 1024 // 4


LONGEST = {"title": 24, "line": 40, "body": 160, "conditions": 120}


def test_places_are_counted_anew_where_they_were_not_before(stand: CampaignStand) -> None:
    stand.announce(campaign())
    stand.join(stand.visit(stand.member()))
    stand.announce(campaign(quota={"total": 1}))
    assert stand.campaigns.desk.show(QIAN, "baking").taken == {"*": "1/1"}
    assert stand.look().refusal is Reason.CAMPAIGN_QUOTA_GONE
