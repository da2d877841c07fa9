"""The parts of an installation in the test's own process, beside the service: what a test furnishes with and counts afterwards."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from server_stub.app import Composition, compose
from server_stub.config import load

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.service_process import Installation


@contextmanager
def beside(installation: Installation) -> Iterator[Composition]:
    """The installation's own parts."""
    parts = compose(load(None, installation.environment))
    try:
        yield parts
    finally:
        parts.close()
