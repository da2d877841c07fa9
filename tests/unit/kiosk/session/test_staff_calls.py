"""Calling staff: what is followed, and what is said where the centre cannot be reached."""

from __future__ import annotations

import asyncio
from typing import Any

from kiosk.flows.home.state import Started
from kiosk.ports.errors import Unreachable
from kiosk.ports.values import StaffCall
from kiosk.session.events import StaffCalled
from tests.unit.kiosk.session.test_session import running


async def test_a_call_that_staff_have_is_followed_over_a_centre_that_is_out_of_reach_for_a_moment() -> None:
    async with running() as world:
        real, failing = world.desk.staff_call, [Unreachable(), Unreachable()]

        async def staff_call(call_id: str) -> StaffCall:
            if failing:
                raise failing.pop()
            return await real(call_id)

        world.desk.staff_call = staff_call  # type: ignore[method-assign]
        await world.post(Started(), StaffCalled())
        await asyncio.sleep(0.05)
        assert world.screen.now.chrome.staff_call is StaffCall.ANSWERED
        assert failing == []


async def test_a_call_that_waits_is_not_made_twice_and_nobody_asks_after_one_that_is_answered() -> None:
    async with running() as world:
        made: list[Any] = []
        asked: list[str] = []
        real = world.desk.call_staff

        async def call_staff(*given: Any) -> str:
            made.append(given)
            return await real(*given)

        async def staff_call(call_id: str) -> StaffCall:
            asked.append(call_id)
            return StaffCall.WAITING if len(asked) < 5 else StaffCall.ANSWERED

        world.desk.call_staff, world.desk.staff_call = call_staff, staff_call  # type: ignore[method-assign]
        await world.post(Started(), StaffCalled(), StaffCalled())
        await asyncio.sleep(0.05)
        assert world.screen.now.chrome.staff_call is StaffCall.ANSWERED
        assert (len(made), len(asked)) == (1, 5)
