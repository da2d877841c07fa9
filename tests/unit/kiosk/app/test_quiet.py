"""What a visit left is collected at its end, and everything once nobody has come for a while."""

from __future__ import annotations

import asyncio
import gc
import weakref
from collections.abc import Iterator

import pytest

from kiosk.app.quiet import Quiet
from screens.window import settle


class Ring:
    """Something that only a collection frees."""

    def __init__(self) -> None:
        self.me = self


class Rest:
    """Counts the settlings; tells whether someone is here."""

    def __init__(self, *, is_nobody_here: bool = True) -> None:
        self.is_nobody_here = is_nobody_here
        self.settled = 0
        self.ran = asyncio.Event()

    def quiet(self, wait_s: float) -> Quiet:
        return Quiet(self._look, self._settle, wait_s)

    def _look(self) -> bool:
        self.ran.set()
        return self.is_nobody_here

    def _settle(self) -> None:
        self.settled += 1


@pytest.fixture(autouse=True)
def _by_hand() -> Iterator[None]:
    """Nothing is collected but where a test says so."""
    gc.disable()
    yield
    gc.unfreeze()
    gc.enable()


async def test_what_a_visit_left_is_freed_at_its_end() -> None:
    left = weakref.ref(Ring())
    assert left() is not None
    quiet = Rest().quiet(60)
    quiet.visit_over()
    assert left() is None
    quiet.stop()


async def test_everything_waits_until_nobody_has_come() -> None:
    rest = Rest()
    quiet = rest.quiet(0.01)
    quiet.visit_over()
    assert rest.settled == 0
    await asyncio.wait_for(rest.ran.wait(), 30)
    assert rest.settled == 1


async def test_who_came_meanwhile_does_not_wait_for_it() -> None:
    rest = Rest(is_nobody_here=False)
    rest.quiet(0.01).visit_over()
    await asyncio.wait_for(rest.ran.wait(), 30)
    assert rest.settled == 0


async def test_a_later_end_begins_the_wait_anew_and_the_kiosks_end_ends_it() -> None:
    rest = Rest()
    quiet = rest.quiet(60)
    quiet.visit_over()
    first = quiet._waiting
    quiet.visit_over()
    assert first is not None
    assert first.cancelled()
    second = quiet._waiting
    quiet.stop()
    assert second is not None
    assert second.cancelled()


def test_what_was_frozen_in_use_and_dropped_later_goes_with_the_next_settling() -> None:
    ring = Ring()
    dropped = weakref.ref(ring)
    settle()
    del ring
    gc.collect()
    assert dropped() is not None
    settle()
    assert dropped() is None


def test_a_collection_after_settling_looks_at_what_came_since() -> None:
    kept = [[] for _ in range(50_000)]
    gc.collect()
    before = len(gc.get_objects())
    settle()
    assert len(gc.get_objects()) < before - len(kept)
