"""Calling staff: the call is sent, then asked after until somebody comes. Thread: loop."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from kiosk.ports.clock import RequestIds
from kiosk.ports.desks import DeviceDesk
from kiosk.ports.errors import DataError, DeskError
from kiosk.ports.values import Language, StaffCall

log = logging.getLogger(__name__)

ASK_EVERY_S = 3.0
ASK_AT_MOST = 100


class StaffCalls:
    """At most one call at a time."""

    def __init__(self, desk: DeviceDesk, ids: RequestIds, ask_every_s: float = ASK_EVERY_S) -> None:
        self._desk = desk
        self._ids = ids
        self._ask_every_s = ask_every_s
        self._task: asyncio.Task[None] | None = None

    def call(self, screen: str, language: Language, changed: Callable[[StaffCall], None]) -> None:
        """Call staff; a call that waits is not made twice."""
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(self._follow(screen, language, changed), name="staff call")

    def forget(self) -> None:
        """Follow no longer; the call itself stays with the staff."""
        if self._task is not None:
            self._task.cancel()
            self._task = None

    async def _follow(self, screen: str, language: Language, changed: Callable[[StaffCall], None]) -> None:
        try:
            call_id = await self._desk.call_staff(self._ids.new(), screen, language)
        except (DeskError, DataError) as error:
            # Not sent, for whatever reason: the screen says where to go.
            log.warning("staff could not be called: %r", error)
            changed(StaffCall.UNREACHABLE)
            return
        changed(StaffCall.WAITING)
        for _ in range(ASK_AT_MOST):
            await asyncio.sleep(self._ask_every_s)
            if (state := await self._state_of(call_id)) is not StaffCall.WAITING:
                changed(state)
                return

    async def _state_of(self, call_id: str) -> StaffCall:
        try:
            return await self._desk.staff_call(call_id)
        except (DeskError, DataError) as error:
            # The staff have the call; what they answer is heard as soon as the centre is.
            log.warning("a call cannot be followed for the moment: %r", error)
            return StaffCall.WAITING
