"""One central service for each test that asks for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.central_service import Central, central_service

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def central(tmp_path: Path) -> Iterator[Central]:
    """A service on a database of its own."""
    with central_service(tmp_path) as made:
        yield made
