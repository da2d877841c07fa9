"""The kiosk's memory of campaigns: a delta each half minute, gone by their dates without the link, told only where something changed."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest

from kiosk.app.campaign_board import LONGEST_PAUSE_S, CampaignBoard
from kiosk.backend.caller import ATTEMPTS, DEADLINE_S, PAUSE_S
from kiosk.ports.campaigns import Board, PublicCampaign
from kiosk.ports.errors import Unreachable
from tests.support.flow_samples import CAMPAIGN

NOW = datetime(2026, 11, 25, 4, tzinfo=UTC)
OVER_SOON = replace(CAMPAIGN, campaign_id="soon", shown_until=NOW + timedelta(hours=1))
LATER = replace(CAMPAIGN, campaign_id="later", shown_from=NOW + timedelta(hours=1))


@dataclass
class Centre:
    """Answers from a list; an exception in it is raised; the last answer stays."""

    answers: list[Board | Exception]
    asked: list[int] = field(default_factory=list)

    async def board(self, known_version: int) -> Board:
        self.asked.append(known_version)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer


async def watched(centre: Centre, rounds: int) -> tuple[CampaignBoard, list[tuple[PublicCampaign, ...]], list[datetime]]:
    told: list[tuple[PublicCampaign, ...]] = []
    now = [NOW]
    board = CampaignBoard(centre, lambda campaigns, _shown, _ended: told.append(campaigns), lambda: now[0], lambda: 0.0)
    running = asyncio.create_task(board.run())
    async with asyncio.timeout(30):
        while len(centre.asked) < rounds:
            await asyncio.sleep(0)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    return board, told, now


async def test_only_changes_are_told_and_the_known_version_is_sent() -> None:
    centre = Centre([Board(3, (CAMPAIGN,)), Board(3, None), Board(4, (CAMPAIGN,)), Board(5, ()), Board(5, None)])
    _, told, _ = await watched(centre, 5)
    assert centre.asked[:5] == [0, 3, 3, 4, 5]
    assert told == [(CAMPAIGN,), ()]


async def test_an_answer_that_cannot_be_read_does_not_end_the_asking() -> None:
    centre = Centre([Board(1, (CAMPAIGN,)), OverflowError("date value out of range"), ValueError("year"), Board(2, ())])
    _, told, _ = await watched(centre, 4)
    assert told == [(CAMPAIGN,), ()]


async def test_without_the_link_all_stays_but_what_is_over_by_its_dates() -> None:
    board, told, now = await watched(Centre([Board(1, (OVER_SOON, LATER, CAMPAIGN)), Unreachable("off")]), 4)
    assert len(told) == 1
    assert [one.campaign_id for one in board.shown()] == ["soon", "baking"]
    now[0] += timedelta(hours=1)
    assert [one.campaign_id for one in board.shown()] == ["later", "baking"]


async def test_what_is_over_is_known_as_such_after_it_is_not_sent_any_more() -> None:
    stopped = replace(CAMPAIGN, campaign_id="stopped", ends=NOW + timedelta(days=1))
    over = replace(OVER_SOON, ends=NOW + timedelta(hours=1))
    board, _, now = await watched(Centre([Board(1, (over, stopped)), Board(2, ())]), 3)
    assert board.ended() == frozenset()
    now[0] += timedelta(hours=1)
    assert board.ended() == {"soon"}


def test_a_stop_is_seen_within_a_minute() -> None:
    longest_call_s = ATTEMPTS * DEADLINE_S + PAUSE_S * sum(range(1, ATTEMPTS))
    assert LONGEST_PAUSE_S + longest_call_s < 60


@pytest.mark.parametrize("moment", [CAMPAIGN.shown_from, CAMPAIGN.shown_until])
def test_the_first_moment_counts_and_the_last_does_not(moment: datetime) -> None:
    assert CAMPAIGN.is_shown(moment) is (moment == CAMPAIGN.shown_from)
