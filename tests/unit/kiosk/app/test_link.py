"""The link to the centre closes what is left of customers who are gone, and nothing of who stands here."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from kiosk.app.link import Link
from kiosk.flows.home.state import ServiceLost, ServiceRestored
from kiosk.outbox.journal import SqliteJournal
from kiosk.ports.display import Chrome
from kiosk.ports.errors import JournalDamaged, NotAdmitted
from kiosk.ports.journal import IntentKind, IntentState
from kiosk.ports.values import DeviceInfo, Language, RequestId, TierName
from kiosk.session.inner_events import ChromeChanged
from tests.support.full_disk import full_disk

TIERS = (TierName("jade", "玉石", "玉石", "Jade"),)


class Centre:
    """Answers hello once it is let."""

    def __init__(self, journal: SqliteJournal) -> None:
        self._journal = journal
        self.may_answer = asyncio.Event()
        self.error: Exception | None = None
        self.closed: list[str] = []

    async def hello(self, _last_device_seq: int) -> DeviceInfo:
        await self.may_answer.wait()
        if self.error is not None:
            raise self.error
        return DeviceInfo("K03", "", "", "", "")

    async def heartbeat(self, **_parts: bool) -> tuple[TierName, ...]:
        return TIERS

    async def cancel_request(self, request_id: RequestId) -> bool:
        await asyncio.sleep(0)
        self.closed.append(request_id)
        self._journal.settle(request_id, IntentState.CANCELLED)
        return False


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[SqliteJournal]:
    opened = SqliteJournal(tmp_path / "journal.db")
    opened.open(RequestId("before the power cut"), IntentKind.SUBMIT, "")
    yield opened
    opened.close()


@contextlib.asynccontextmanager
async def linked(journal: SqliteJournal) -> Any:
    centre: Any = Centre(journal)
    posted: list[Any] = []
    link = Link(centre, centre, journal, posted.append)
    running = asyncio.create_task(link.run())
    try:
        yield link, centre, posted
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def settle() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


async def test_a_customer_who_is_quicker_than_the_link_is_not_cancelled(journal: SqliteJournal) -> None:
    async with linked(journal) as (_link, centre, _posted):
        await settle()
        journal.open(RequestId("now"), IntentKind.SEND_CODE, "")
        centre.may_answer.set()
        await settle()
        assert centre.closed == ["before the power cut"]


async def test_who_left_is_closed_and_who_left_meanwhile_too(journal: SqliteJournal) -> None:
    async with linked(journal) as (link, centre, _posted):
        link.close_open_intents()
        journal.open(RequestId("next"), IntentKind.SUBMIT, "")
        link.close_open_intents()
        await settle()
        assert centre.closed == ["before the power cut", "next"]


def chrome_after(posted: list[Any]) -> Chrome:
    """Returns the chrome that a session would hold."""
    chrome = Chrome()
    for event in posted:
        chrome = event.change(chrome) if isinstance(event, ChromeChanged) else chrome
    return chrome


async def test_a_tier_that_is_renamed_while_the_kiosk_runs_is_called_so_after_the_next_sign_of_life(
    journal: SqliteJournal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kiosk.app.link.HEARTBEAT_S", 0.01)
    async with linked(journal) as (_link, centre, posted):
        centre.may_answer.set()
        await settle()
        assert chrome_after(posted).tier_name("jade") == ""
        await asyncio.sleep(0.1)
        named = chrome_after(posted)
        assert (named.device.device_id, named.tier_name("jade"), named.tier_name("other")) == ("K03", "玉石", "")
        assert replace(named, language=Language.EN).tier_name("jade") == "Jade"


async def test_a_link_that_comes_back_is_told_for_a_short_while(journal: SqliteJournal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kiosk.app.link.BACK_S", 0.05)
    async with linked(journal) as (link, _centre, posted):
        link.changed(is_linked=False)
        assert (chrome_after(posted).is_linked, chrome_after(posted).is_back) == (False, False)
        link.changed(is_linked=True)
        assert (chrome_after(posted).is_linked, chrome_after(posted).is_back) == (True, True)
        await asyncio.sleep(0.1)
        assert (chrome_after(posted).is_linked, chrome_after(posted).is_back) == (True, False)


async def test_the_first_link_and_one_that_is_lost_again_are_not_back(journal: SqliteJournal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kiosk.app.link.BACK_S", 0.05)
    async with linked(journal) as (link, _centre, posted):
        link.changed(is_linked=True)
        assert not chrome_after(posted).is_back
        for is_linked in (False, True, False):
            link.changed(is_linked=is_linked)
        told = len(posted)
        await asyncio.sleep(0.1)
        assert (chrome_after(posted).is_linked, chrome_after(posted).is_back) == (False, False)
        assert len(posted) == told


async def test_a_damaged_journal_takes_the_kiosk_out_of_service(journal: SqliteJournal, monkeypatch: pytest.MonkeyPatch) -> None:
    async with linked(journal) as (link, _centre, posted):

        def damaged() -> int:
            raise JournalDamaged("disk")

        monkeypatch.setattr(journal, "last_device_seq", damaged)
        link.close_open_intents()
        assert posted == [ServiceLost("JOURNAL_DAMAGED")]


async def test_a_device_that_is_not_admitted_is_out_of_service(journal: SqliteJournal) -> None:
    async with linked(journal) as (_link, centre, posted):
        centre.error = NotAdmitted()
        centre.may_answer.set()
        await settle()
        assert posted == [ServiceLost("NOT_ADMITTED")]
        assert centre.closed == []


async def test_a_journal_that_kept_nothing_must_prove_itself_before_the_kiosk_serves_again(
    journal: SqliteJournal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kiosk.app.link.RETRY_S", 0.01)
    monkeypatch.setattr("kiosk.app.link.HEARTBEAT_S", 0.01)
    async with linked(journal) as (link, centre, posted):
        centre.may_answer.set()
        await asyncio.sleep(0.05)
        posted.clear()
        with full_disk():
            link.journal_failed()
            await asyncio.sleep(0.1)
            assert posted == [ServiceLost("JOURNAL_DAMAGED")]
        await asyncio.sleep(0.1)
        assert posted[1] == ServiceRestored()
