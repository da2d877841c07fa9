"""Says every few seconds that whoever stands here is still there, and hears whether their visit was ended elsewhere. Thread: loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from kiosk.ports.desks import MemberDesk
from kiosk.ports.errors import DeskError, Refused
from kiosk.ports.values import Reason
from kiosk.session.inner_events import VisitEnded

EVERY_S = 4.0
VISIT_OVER = Reason("VISIT_OVER")


async def watch_visits(
    desk: MemberDesk, open_visits: Callable[[], tuple[str, ...]], post: Callable[[VisitEnded], None], every_s: float = EVERY_S
) -> None:
    """Ask until cancelled; where nobody is signed in nothing is asked."""
    while True:
        await asyncio.sleep(every_s)
        await _ask(desk, open_visits(), post)


async def _ask(desk: MemberDesk, tokens: tuple[str, ...], post: Callable[[VisitEnded], None]) -> None:
    # A function of its own: between two rounds no token may stay here.
    for token in tokens:
        try:
            await desk.keep_visit(token)
        except Refused as refused:
            if refused.reason == VISIT_OVER:
                post(VisitEnded(token))
        except DeskError:
            # Not to be reached: who stands here is told so by what they ask for, and the time without a touch goes on.
            return
