"""Campaigns end to end by touches: joined after signing in on the way, one that is not for this member yet, feedback, a stop that acts."""

from __future__ import annotations

from pathlib import Path

import pytest

from hardware.emulation.pcscd import find_daemon, find_driver
from server_stub.app import compose
from server_stub.config import load
from server_stub.domain.actors import Role, StaffActor
from tests.journey.campaigns import CampaignsJourney
from tests.journey.world import World

pytestmark = [pytest.mark.long, pytest.mark.e2e, pytest.mark.emulator, pytest.mark.timeout(400)]
MANAGER = StaffActor("dev-qian", frozenset({Role.MANAGER}))


def test_a_member_takes_part_by_touches(tmp_path: Path) -> None:
    if find_daemon() is None or find_driver() is None:
        pytest.skip("pcscd with the virtual reader is not installed")
    with World(tmp_path / "world") as world:
        world.start_outside()
        world.start_service()
        parts = compose(load(environment=world._service_environment()))
        world.start_kiosk()
        journey = CampaignsJourney(world, out=tmp_path / "pictures", patience_s=40.0)
        journey.before = {"stopped": lambda: parts.core.campaigns.desk.stop(MANAGER, "new-year-coupon", "too many came")}
        assert journey.play()[-1].state == "Attract"

        def rows(query: str) -> list[tuple[object, ...]]:
            return parts.database.read(lambda tx: [tuple(row) for row in tx.connection.exec_driver_sql(query)])

        assert rows("SELECT campaign_id, points FROM campaign_claim") == [("new-year-coupon", 0)]
        assert rows("SELECT value_fen, state FROM coupon WHERE cause LIKE 'campaign:%'") == [(1000, "CLAIMED")]
        assert rows("SELECT campaign_id FROM campaign_reminder") == [("family-baking",)]
        assert rows("SELECT campaign_id, face FROM feedback_case") == [("family-baking", 5)]
        assert parts.verifier.verify().is_good
        parts.close()
        log = "".join(path.read_text(encoding="utf-8", errors="replace") for path in (world.folder / "logs").glob("*.log"))
        assert "欧阳" not in log
