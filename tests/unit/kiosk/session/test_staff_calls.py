"""Calling staff: what is followed, and what is said where the centre cannot be reached."""

from __future__ import annotations

import asyncio

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
