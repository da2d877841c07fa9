"""One central service for each test that asks for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.central_service import Central, central_service

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def central(database_address: str) -> Iterator[Central]:
    """A service on a database of its own; each test runs on both kinds."""
    with central_service(database_address) as made:
        yield made
