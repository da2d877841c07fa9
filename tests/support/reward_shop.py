"""A store with a catalogue of rewards, and members before its kiosk, in as few words as a test needs. Knows no rule."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from server_stub.domain.actors import Role, StaffActor, SystemActor
from server_stub.domain.language import Language
from server_stub.domain.rewards.catalogue_file import read_catalogue
from server_stub.services.rewards.shelf import Order, Paging, RewardCard
from server_stub.storage.codes import CodePurpose
from server_stub.storage.devices import StoreRow, add_store
from server_stub.storage.members import IdentifiedBy, member_by_id
from tests.support.central_service import DEVICE, MOBILE
from tests.support.ledger_desk import Counter

if TYPE_CHECKING:
    from server_stub.domain.actors import DeviceActor
    from server_stub.services.rewards.build import RewardServices
    from server_stub.services.rewards.own_redemptions import RedemptionNow
    from tests.support.central_service import Central

QIAN = StaffActor("qian", frozenset({Role.MANAGER}))
CLERK = StaffActor("clerk", frozenset({Role.STORE_STAFF}), store_id="lakeside")
HARBOUR_CLERK = StaffActor("hai", frozenset({Role.STORE_STAFF}), store_id="harbour")
JOB = SystemActor("test")


def reward(reward_id: str = "rice", points: int = 500, **more: Any) -> dict[str, Any]:
    """A reward as a catalogue file has it."""
    names = {"zh-Hans": f"{reward_id} 简", "zh-Hant": f"{reward_id} 繁", "en": reward_id}
    return {"id": reward_id, "points": points, "name": names, **more}


@dataclass
class RewardShop:
    """The store ``lakeside`` with a kiosk, and a second store ``harbour``."""

    central: Central
    counter: Counter = field(init=False)
    _mobiles: int = 0

    def __post_init__(self) -> None:
        self.counter = Counter(self.central)
        self.central.database.write(lambda tx: add_store(tx, StoreRow("harbour", "海港店", "330103")))

    @property
    def rewards(self) -> RewardServices:
        return self.central.core.rewards

    def load(self, *rewards: dict[str, Any]) -> None:
        self.rewards.catalogue.load(QIAN, read_catalogue({"reward": list(rewards)}))

    def member(self, points: int = 5000, **fields: Any) -> str:
        """A member with an active card and points, welcome points included."""
        self._mobiles += 1
        mobile = str(int(MOBILE) + self._mobiles)
        joined = self.central.join(mobile=mobile, name=f"欧阳建国{'甲乙丙丁戊己庚辛'[self._mobiles]}", **fields)
        member_id = self.central.member_id(joined.membership_number)
        self.central.activate(member_id)
        self.counter.adjust(points - self.counter.free(member_id)[0], member_id)
        return member_id

    def visit(self, member_id: str, by: IdentifiedBy = IdentifiedBy.PHONE, device: DeviceActor = DEVICE) -> str:
        def begin(tx: Any) -> str:
            return self.central.core.visits.begin(tx, member_by_id(tx, member_id), device, by)

        return self.central.database.write(begin)

    def proof(self, visit_token: str, device: DeviceActor = DEVICE) -> str:
        """Proves the phone of the member who is before the device."""
        from server_stub.services.enrollment.codes import CodeOrder

        self.central.clock.advance(seconds=61)
        order = CodeOrder("", CodePurpose.REDEEM, Language.ZH_HANS, visit_token)
        challenge = self.central.core.enrollment.send_code(device, self.central.envelope(), order).challenge_id
        code = [payload.variables["code"] for template, payload in self.central.messages() if template == "one_time_code"][-1]
        return self.central.core.enrollment.verify_code(device, challenge, code)

    def hold(self, visit_token: str, reward_id: str = "rice", qty: int = 1, **more: Any) -> RedemptionNow:
        device, proof = more.get("device", DEVICE), more.get("proof", "")
        envelope = self.central.envelope(more.get("request_id", ""))
        return self.rewards.own.hold(device, envelope, visit_token, Order(reward_id=reward_id, qty=qty), proof)

    def buy(self, visit_token: str, reward_id: str = "rice", qty: int = 1, **more: Any) -> RedemptionNow:
        """Holds and commits."""
        held = self.hold(visit_token, reward_id, qty, **more)
        device = more.get("device", DEVICE)
        return self.rewards.own.commit(device, self.central.envelope(), visit_token, held.redemption_id, held.points)

    def shelf(self, visit_token: str, *, only_available: bool = False, size: int = 60) -> dict[str, RewardCard]:
        page = self.rewards.shelf.list(DEVICE, visit_token, Language.EN, Paging(size=size), only_available=only_available)
        return {card.reward_id: card for card in page.rewards}

    def said(self, visit_token: str, reward_id: str = "rice") -> list[str]:
        """What is said of whether the member could have a piece, as keys of lines."""
        lines = self.central.core.decisions.explain_reward(DEVICE, visit_token, reward_id, Language.EN)
        return [line.key for line in lines]

    def counts(self, reward_id: str = "rice", store_id: str = "lakeside") -> tuple[int, int]:
        """Pieces that are there, and those of them that are taken."""
        lines = self.rewards.stock.list(QIAN, store_id)
        return next((line.count, line.taken) for line in lines if line.reward_id == reward_id)
