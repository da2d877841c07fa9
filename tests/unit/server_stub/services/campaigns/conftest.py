"""A stand for each test that asks for it; what the test leaves is proved at its end."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.campaign_stand import CampaignStand

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.central_service import Central


@pytest.fixture
def stand(central: Central) -> Iterator[CampaignStand]:
    """Two stores, one kiosk, no campaign yet; each test runs on both kinds of database."""
    made = CampaignStand(central)
    yield made
    made.counter.prove()
