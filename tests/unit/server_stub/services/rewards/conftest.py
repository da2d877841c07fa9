"""A shop for each test that asks for it; what the test leaves is proved at its end."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.reward_shop import RewardShop

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.central_service import Central


@pytest.fixture
def shop(central: Central) -> Iterator[RewardShop]:
    """Two stores, one kiosk, no catalogue yet; each test runs on both kinds of database."""
    made = RewardShop(central)
    yield made
    made.counter.prove()
