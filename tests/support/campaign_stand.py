"""A store with campaigns and members before its kiosk, in as few words as a test needs. Knows no rule."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from server_stub.domain.campaigns.campaign_file import read_campaigns
from server_stub.domain.language import Language
from server_stub.domain.ledger_commands import RecordSale, SaleLine
from tests.support.central_service import DEVICE
from tests.support.reward_shop import JOB, QIAN, RewardShop

if TYPE_CHECKING:
    from server_stub.domain.actors import DeviceActor
    from server_stub.services.campaigns.board import CampaignLook
    from server_stub.services.campaigns.build import CampaignServices
    from server_stub.services.campaigns.desk import LoadedCampaigns
    from server_stub.services.campaigns.joining import Joined


def words(zh: str, en: str) -> dict[str, str]:
    return {"zh-Hans": zh, "zh-Hant": zh, "en": en}


def campaign(campaign_id: str = "baking", **more: Any) -> dict[str, Any]:
    """A campaign as a file has it, open on the day on which tests begin."""
    return {
        "id": campaign_id,
        "title": words("亲子烘焙课", "Family baking"),
        "line": words("带孩子一起做", "Bake with your children"),
        "body": words("材料已备", "Everything is there"),
        "picture": "campaign-baking",
        "starts": "2026-11-20T00:00:00",
        "ends": "2026-12-01T00:00:00",
        **more,
    }


class CampaignStand(RewardShop):
    """The stores, kiosks and members of a reward shop, with campaigns."""

    @property
    def campaigns(self) -> CampaignServices:
        return self.central.core.campaigns

    def announce(self, *campaigns: dict[str, Any]) -> LoadedCampaigns:
        return self.campaigns.desk.load(QIAN, read_campaigns({"campaign": list(campaigns)}))

    def sell(self, member: str, sale_id: str, store_id: str = "lakeside") -> None:
        """A purchase of 10 yuan."""
        command = RecordSale(sale_id, store_id, (SaleLine("sku", "food", 1, 1000),), member)
        self.central.core.ledger.sales.record(JOB, self.central.envelope(), command)

    def join(self, visit_token: str, campaign_id: str = "baking", request_id: str = "", device: DeviceActor = DEVICE) -> Joined:
        return self.campaigns.joining.join(device, self.central.envelope(request_id), visit_token, campaign_id)

    def wish(self, visit_token: str, campaign_id: str = "baking", *, agrees: bool = True) -> None:
        self.campaigns.joining.wish(DEVICE, self.central.envelope(), visit_token, campaign_id, agrees=agrees)

    def look(self, visit_token: str = "", campaign_id: str = "baking", device: DeviceActor = DEVICE) -> CampaignLook:
        return self.campaigns.board.look(device, visit_token, campaign_id, Language.ZH_HANS)

    def shown(self, device: DeviceActor = DEVICE, known: int = 0) -> list[str] | None:
        found = self.campaigns.board.of_store(device, known).campaigns
        return None if found is None else [one.campaign_id for one in found]
