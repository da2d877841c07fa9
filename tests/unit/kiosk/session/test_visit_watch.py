"""A visit that was ended elsewhere leaves the screen without a touch; one that goes on is kept."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from kiosk.flows.home.state import Attract
from kiosk.flows.issue_card.state import CardIssued, PrintMembershipSlip
from kiosk.flows.member.state import MemberHome
from kiosk.flows.places import ToIssueCard, ToMember, ToMenu
from kiosk.ports.errors import DeskError, Refused, Unreachable
from kiosk.ports.values import Reason, Visitor
from kiosk.session.inner_events import VisitEnded
from kiosk.session.visit_watch import watch_visits
from tests.support.flow_samples import ISSUED, SAMPLES, VISITOR
from tests.unit.kiosk.session.test_idle import seen
from tests.unit.kiosk.session.test_session import World, running

OVER = Refused(Reason("VISIT_OVER"))
CHILD = Visitor("child's visit", "欧阳*")


@dataclass
class Centre:
    """A centre that says of each visit whether it goes on."""

    says: dict[str, DeskError] = field(default_factory=dict)
    kept: list[str] = field(default_factory=list)

    async def keep_visit(self, token: str) -> None:
        self.kept.append(token)
        if token in self.says:
            raise self.says[token]


class Printer:
    """A printer whose slip comes out when the test says."""

    def __init__(self) -> None:
        self.is_out = asyncio.Event()

    async def print_membership(self, *_of: Any, is_copy: bool) -> None:
        await self.is_out.wait()


@contextlib.asynccontextmanager
async def watched(printer: Any = None) -> AsyncIterator[tuple[World, Centre]]:
    async with running(printer=printer) as world:
        centre = Centre()
        session = world.session
        watch = asyncio.create_task(watch_visits(centre, lambda: session.open_visits, session.post, every_s=0.001))
        try:
            yield world, centre
        finally:
            watch.cancel()


async def asked(world: World, centre: Centre, token: str) -> None:
    """Wait until the centre was asked twice more."""
    before = centre.kept.count(token)
    await seen(world, lambda: centre.kept.count(token) > before + 1)


async def test_a_visit_that_goes_on_elsewhere_leaves_the_screen_without_a_touch() -> None:
    async with watched() as (world, centre):
        world.session._go(ToMember(VISITOR))
        await asked(world, centre, VISITOR.visit_token)
        assert isinstance(world.session.state, MemberHome)
        wipes = world.screen.wipes
        centre.says[VISITOR.visit_token] = OVER
        await seen(world, lambda: isinstance(world.session.state, Attract))
        assert world.screen.wipes > wipes
        assert world.desk.ended == [VISITOR.visit_token], "no page is handed over a second time"


@pytest.mark.parametrize("error", [Unreachable(), Refused(Reason("SERVICE_FAULT"))], ids=["no answer", "a fault"])
async def test_a_centre_that_cannot_say_throws_nobody_out(error: DeskError) -> None:
    async with watched() as (world, centre):
        centre.says[VISITOR.visit_token] = error
        world.session._go(ToMember(VISITOR))
        await asked(world, centre, VISITOR.visit_token)
        assert isinstance(world.session.state, MemberHome)


async def test_nothing_is_asked_where_nobody_is_signed_in() -> None:
    async with watched() as (world, centre):
        world.session._go(ToMember(VISITOR))
        await asked(world, centre, VISITOR.visit_token)
        world.session._go(ToMenu())
        kept = len(centre.kept)
        await asyncio.sleep(0.02)
        assert len(centre.kept) <= kept + 1


async def test_a_slip_comes_out_before_a_visit_that_ended_leaves_the_screen() -> None:
    printer = Printer()
    async with watched(printer) as (world, centre):
        world.session._go(ToIssueCard("grant"))
        world.session._state = SAMPLES[CardIssued]
        world.session._visits.see(world.session.state)
        world.session._perform(PrintMembershipSlip(ISSUED, is_copy=False))
        centre.says[ISSUED.visit_token] = OVER
        await asked(world, centre, ISSUED.visit_token)
        assert isinstance(world.session.state, CardIssued)
        printer.is_out.set()
        await seen(world, lambda: isinstance(world.session.state, Attract))


async def test_only_the_visit_of_who_stands_here_counts_and_all_are_kept() -> None:
    async with watched() as (world, centre):
        world.session._go(ToMember(VISITOR))
        world.session._go(ToMember(CHILD))
        centre.says[VISITOR.visit_token] = OVER
        await asked(world, centre, VISITOR.visit_token)
        assert world.session.state.visitor == CHILD
        assert CHILD.visit_token in centre.kept
        world.session._go(ToMember(VISITOR))
        await seen(world, lambda: isinstance(world.session.state, Attract))


def test_a_token_is_in_no_log() -> None:
    assert "secret" not in repr(VisitEnded("secret"))
