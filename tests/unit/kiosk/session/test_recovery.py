"""Closing what earlier customers left open: theirs and nobody else's, one refusal does not keep the others open."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.outbox.journal import SqliteJournal
from kiosk.ports.errors import Refused, Unreachable
from kiosk.ports.journal import IntentKind, IntentState
from kiosk.ports.values import Reason, RequestId
from kiosk.session.recovery import close_open_intents


class Desk:
    """A centre that closes requests, but for those that the test names."""

    def __init__(self, journal: SqliteJournal) -> None:
        self._journal = journal
        self.errors: dict[str, Exception] = {}
        self.closed: list[str] = []

    async def cancel_request(self, request_id: RequestId) -> bool:
        if request_id in self.errors:
            raise self.errors[request_id]
        self.closed.append(request_id)
        self._journal.settle(request_id, IntentState.CANCELLED)
        return False


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[SqliteJournal]:
    opened = SqliteJournal(tmp_path / "journal.db")
    for name in ("a", "b", "c"):
        opened.open(RequestId(name), IntentKind.SUBMIT, "")
    yield opened
    opened.close()


async def test_an_intent_of_who_stands_here_now_is_left_alone(journal: SqliteJournal) -> None:
    desk = Desk(journal)
    assert await close_open_intents(journal, desk, up_to=2) == 0
    assert desk.closed == ["a", "b"]
    assert [intent.request_id for intent in journal.unsettled()] == ["c"]


async def test_one_that_the_centre_refuses_to_close_does_not_keep_the_others_open(journal: SqliteJournal) -> None:
    desk = Desk(journal)
    desk.errors["a"] = Refused(Reason("REQUEST_ID_REUSED"))
    assert await close_open_intents(journal, desk, up_to=3) == 1
    assert desk.closed == ["b", "c"]


async def test_without_the_centre_all_stay_open_after_one_try(journal: SqliteJournal) -> None:
    desk = Desk(journal)
    desk.errors["a"] = Unreachable()
    assert await close_open_intents(journal, desk, up_to=3) == 3
    assert desk.closed == []
