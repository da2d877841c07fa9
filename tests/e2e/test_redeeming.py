"""Redeeming end to end by touches: three to the code, what stands in the way, a service that goes, a card that is pulled away."""

from __future__ import annotations

from pathlib import Path

import pytest

from hardware.card.layout.files import Snapshot
from hardware.emulation.card.memory import load as load_card
from hardware.emulation.pcscd import find_daemon, find_driver
from server_stub.app import Composition, compose
from server_stub.config import load
from server_stub.domain.actors import Role, StaffActor
from server_stub.keys.cards import CardSigner
from server_stub.services.rewards.stock import Count
from tests.journey.redeeming import RedeemingJourney
from tests.journey.world import World
from tests.support.printed_receipts import kind_on

pytestmark = [pytest.mark.long, pytest.mark.e2e, pytest.mark.emulator, pytest.mark.timeout(400)]
MANAGER = StaffActor("dev-qian", frozenset({Role.MANAGER}))
WELCOME, TOWEL = 200, 100


def count_towels(parts: Composition, count: int) -> None:
    parts.core.rewards.stock.set(MANAGER, Count("towel", "S001", count, "counted by a test"))


def test_a_member_redeems_by_touches(tmp_path: Path) -> None:
    if find_daemon() is None or find_driver() is None:
        pytest.skip("pcscd with the virtual reader is not installed")
    with World(tmp_path / "world") as world:
        world.start_outside()
        world.start_service()
        parts = compose(load(environment=world._service_environment()))
        world.start_kiosk()
        journey = RedeemingJourney(world, out=tmp_path / "pictures", patience_s=40.0)
        journey.before = {
            "gone meanwhile": lambda: count_towels(parts, 0),
            "first touch": lambda: count_towels(parts, 60),
            "not known": world.service.kill,
            "known": world.service.start,
        }
        played = {step.name: step.state for step in journey.play()}
        assert [played[f"{name} touch"] for name in ("first", "second", "third")] == ["RewardList", "Choosing", "RedemptionShown"]

        # Three times spent, once given back: what is not known is not spent twice.
        query = "SELECT r.state, count(*) FROM redemption r GROUP BY r.state ORDER BY r.state"
        states = parts.database.read(lambda tx: [tuple(row) for row in tx.connection.exec_driver_sql(query)])
        assert states == [("COMMITTED", 2), ("REVERSED", 1)]
        available = parts.database.read(lambda tx: tx.connection.exec_driver_sql("SELECT available FROM points_account").scalar_one())
        assert available == WELCOME - 2 * TOWEL
        card = load_card(world.folder / "cards" / "cards" / "member.json")
        said = Snapshot.verified(card.applications[0].files[1].content, CardSigner(parts.keys).public_keys)
        assert said.points == available, "the tap after the tear told the card"
        assert [kind_on(world, slip) for slip in world.slips()[-2:]] == ["redemption", "undone"]
        assert parts.verifier.verify().is_good
        parts.close()
        log = "".join(path.read_text(encoding="utf-8", errors="replace") for path in (world.folder / "logs").glob("*.log"))
        assert "欧阳" not in log
