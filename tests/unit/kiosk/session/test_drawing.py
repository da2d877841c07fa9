"""A page that cannot be drawn: its journey ends and says so, the kiosk goes on."""

from __future__ import annotations

from kiosk.flows.home.state import Faulted, Journey, JourneyChosen, Menu, Started
from kiosk.flows.register.state import AskingAgeBand
from kiosk.flows.step import Continued
from kiosk.ports.values import Reason
from tests.unit.kiosk.session.test_session import running


async def test_a_page_that_cannot_be_drawn_ends_its_journey_and_not_the_kiosk() -> None:
    async with running() as world:
        world.screen.cannot_draw = (AskingAgeBand,)
        await world.post(Started(), JourneyChosen(Journey.JOIN))
        assert world.session.state == world.screen.now.state == Faulted(Reason("PROGRAM"))
        assert world.desk.faults == [Reason("PROGRAM")]
        world.screen.cannot_draw = ()
        await world.post(Continued())
        assert isinstance(world.screen.now.state, Menu)
