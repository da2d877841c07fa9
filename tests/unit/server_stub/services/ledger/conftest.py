"""A counter for each test that asks for it; what the test leaves is proved at its end."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.ledger_desk import Counter

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.central_service import Central


@pytest.fixture
def counter(central: Central) -> Iterator[Counter]:
    """The ledger of a new service, rules ``plain`` until the test says otherwise."""
    made = Counter(central)
    yield made
    made.prove()
