"""One mutation to the centre: written down before it is sent, settled by its fate, never sent where it cannot be written."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import grpc
import pytest

from kiosk.backend.caller import REFUSAL_KEY, Caller
from kiosk.outbox.journal import SqliteJournal
from kiosk.ports.errors import JournalDamaged, NotAdmitted, Refused, Unreachable
from kiosk.ports.journal import IntentKind
from kiosk.ports.values import RequestId
from proto.member.v1 import common_pb2, enrollment_pb2, reason_pb2

ID = RequestId("01a20af2-f277-7000-89bc-0911cbc0f13e")


class FixedClock:
    def now(self) -> datetime:
        return datetime(2026, 11, 24, tzinfo=UTC)

    def monotonic(self) -> float:
        return 0.0


def failure(code: grpc.StatusCode, refusal: common_pb2.Refusal | None = None) -> grpc.aio.AioRpcError:
    trailing = grpc.aio.Metadata((REFUSAL_KEY, refusal.SerializeToString())) if refusal else grpc.aio.Metadata()
    return grpc.aio.AioRpcError(code, grpc.aio.Metadata(), trailing)


class Wire:
    """A call that looks into the journal at the moment when it is sent."""

    def __init__(self, journal: SqliteJournal, *outcomes: Any) -> None:
        self._journal = journal
        self._outcomes = list(outcomes)
        self.sent: list[Any] = []
        self.written: list[tuple[Any, ...]] = []

    async def __call__(self, request: Any, timeout: float) -> Any:
        assert timeout > 0
        self.sent.append(request)
        self.written.append(self._journal.unsettled())
        outcome = self._outcomes.pop(0)
        if isinstance(outcome, BaseException):
            raise outcome
        return outcome


@pytest.fixture
def journal(tmp_path: Path) -> Any:
    opened = SqliteJournal(tmp_path / "journal.db")
    yield opened
    opened.close()


async def mutate(journal: SqliteJournal, wire: Wire) -> Any:
    request = enrollment_pb2.WithdrawApplicationRequest(application_number="A1")
    return await Caller(journal, FixedClock()).mutate(wire, request, ID, IntentKind.WITHDRAW)


async def test_the_intent_stands_in_the_journal_when_the_request_is_sent(journal: SqliteJournal) -> None:
    wire = Wire(journal, "answer")
    assert await mutate(journal, wire) == "answer"
    assert [intent.request_id for intent in wire.written[0]] == [ID]
    assert wire.sent[0].envelope.request_id == ID
    assert wire.sent[0].envelope.device_seq == wire.written[0][0].device_seq
    assert journal.unsettled() == ()


async def test_nothing_is_sent_where_nothing_can_be_written(journal: SqliteJournal, monkeypatch: pytest.MonkeyPatch) -> None:
    def damaged(*_about: Any) -> int:
        raise JournalDamaged("disk")

    wire = Wire(journal, "answer")
    monkeypatch.setattr(journal, "open", damaged)
    with pytest.raises(JournalDamaged):
        await mutate(journal, wire)
    assert wire.sent == []


async def test_a_lost_answer_leaves_the_intent_open_and_is_asked_for_under_the_same_id(
    journal: SqliteJournal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kiosk.backend.caller.PAUSE_S", 0)
    wire = Wire(journal, *[failure(grpc.StatusCode.UNAVAILABLE)] * 3)
    with pytest.raises(Unreachable):
        await mutate(journal, wire)
    assert {request.envelope.request_id for request in wire.sent} == {ID}
    assert len(wire.sent) == 3
    assert [intent.request_id for intent in journal.unsettled()] == [ID]


async def test_a_question_that_may_not_be_asked_again_is_asked_once(journal: SqliteJournal) -> None:
    wire = Wire(journal, failure(grpc.StatusCode.UNAVAILABLE), "answer")
    with pytest.raises(Unreachable):
        await Caller(journal, FixedClock()).ask(wire, enrollment_pb2.WithdrawApplicationRequest(), attempts=1)
    assert len(wire.sent) == 1


async def test_a_refusal_settles_the_intent_and_says_why(journal: SqliteJournal) -> None:
    refusal = common_pb2.Refusal(reason=reason_pb2.REASON_CODE_WRONG, tries_left=3, retry_after_s=7)
    with pytest.raises(Refused) as caught:
        await mutate(journal, Wire(journal, failure(grpc.StatusCode.FAILED_PRECONDITION, refusal)))
    assert (caught.value.reason, caught.value.tries_left, caught.value.retry_after_s) == ("CODE_WRONG", 3, 7)
    assert journal.unsettled() == ()


async def test_a_device_that_is_not_admitted_is_never_merely_offline(journal: SqliteJournal) -> None:
    with pytest.raises(NotAdmitted):
        await mutate(journal, Wire(journal, failure(grpc.StatusCode.UNAUTHENTICATED)))


async def test_a_call_that_gave_way_to_another_channel_is_made_again(journal: SqliteJournal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kiosk.backend.caller.PAUSE_S", 0)
    assert await mutate(journal, Wire(journal, asyncio.CancelledError(), "answer")) == "answer"
    with pytest.raises(Unreachable):
        await mutate(journal, Wire(journal, *[asyncio.CancelledError()] * 3))


async def test_whoever_is_told_to_stop_does_not_call_again(journal: SqliteJournal) -> None:
    calling = asyncio.Event()

    async def unanswered(_request: Any, timeout: float) -> None:
        calling.set()
        await asyncio.sleep(timeout)

    asking = asyncio.create_task(Caller(journal, FixedClock()).ask(unanswered, enrollment_pb2.WithdrawApplicationRequest()))
    await calling.wait()
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
