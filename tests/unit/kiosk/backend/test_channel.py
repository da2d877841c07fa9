"""A connection goes on over a new channel after a visit; what is under way on the old one comes to its end."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import grpc
import pytest

from kiosk.app.time_and_ids import SystemClock
from kiosk.backend.caller import Caller
from kiosk.backend.channel import ANSWER_MAX_BYTES, Connection, Identity
from kiosk.outbox.journal import SqliteJournal
from proto.member.v1 import member_pb2, member_pb2_grpc


class Members:
    """Notes over which connection a call came, and answers a visit's end only when it is told to."""

    def __init__(self) -> None:
        self.peers: list[str] = []
        self.may_answer = asyncio.Event()
        self.size = 0

    async def identify(self, request: Any, context: Any) -> member_pb2.IdentifyResponse:
        self.peers.append(context.peer())
        return member_pb2.IdentifyResponse(visit_token="x" * self.size)

    async def end_visit(self, request: Any, context: Any) -> member_pb2.EndVisitResponse:
        await self.may_answer.wait()
        return member_pb2.EndVisitResponse()

    def handler(self) -> grpc.GenericRpcHandler:
        def method(work: Any, request: Any) -> Any:
            return grpc.unary_unary_rpc_method_handler(work, request.FromString, lambda answer: answer.SerializeToString())

        methods = {
            "Identify": method(self.identify, member_pb2.IdentifyRequest),
            "EndVisit": method(self.end_visit, member_pb2.EndVisitRequest),
        }
        return grpc.method_handlers_generic_handler("member.v1.MemberService", methods)


@pytest.fixture
def members() -> Members:
    return Members()


@pytest.fixture
async def connection(members: Members, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> AsyncIterator[Connection]:
    server = grpc.aio.server()
    server.add_generic_rpc_handlers((members.handler(),))
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    # The channel is the kiosk's own in all but the encryption.
    monkeypatch.setattr(grpc.aio, "secure_channel", lambda target, _keys, options: grpc.aio.insecure_channel(target, options=options))
    for name in ("ca", "certificate", "key"):
        (tmp_path / name).touch()
    connection = Connection(f"127.0.0.1:{port}", Identity(tmp_path / "ca", tmp_path / "certificate", tmp_path / "key"))
    yield connection
    await connection.close()
    await server.stop(0)


async def test_an_answer_larger_than_any_of_ours_is_not_read(connection: Connection, members: Members) -> None:
    stub = member_pb2_grpc.MemberServiceStub(connection.channel)
    members.size = ANSWER_MAX_BYTES - 100
    assert await stub.Identify(member_pb2.IdentifyRequest(), timeout=5)
    members.size = ANSWER_MAX_BYTES + 1
    with pytest.raises(grpc.aio.AioRpcError) as refused:
        await stub.Identify(member_pb2.IdentifyRequest(), timeout=5)
    assert refused.value.code() is grpc.StatusCode.RESOURCE_EXHAUSTED


async def test_calls_after_a_visit_use_another_connection(connection: Connection, members: Members) -> None:
    stub = member_pb2_grpc.MemberServiceStub(connection.channel)
    for _ in range(2):
        await stub.Identify(member_pb2.IdentifyRequest(), timeout=5)
    await connection.renew()
    await stub.Identify(member_pb2.IdentifyRequest(), timeout=5)
    first, second, third = members.peers
    assert first == second
    assert third != first


async def test_the_last_word_of_a_visit_is_waited_for(connection: Connection, members: Members) -> None:
    stub = member_pb2_grpc.MemberServiceStub(connection.channel)
    ending = asyncio.ensure_future(stub.EndVisit(member_pb2.EndVisitRequest(), timeout=5))
    await asyncio.sleep(0.1)
    renewing = asyncio.create_task(connection.renew())
    await asyncio.sleep(0.1)
    assert not ending.done()
    members.may_answer.set()
    assert await ending == member_pb2.EndVisitResponse()
    await renewing


async def test_who_asks_over_a_channel_that_is_closed_meanwhile_is_answered_over_the_next(
    connection: Connection, members: Members, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("kiosk.backend.channel.CLOSE_GRACE_S", 0.1)
    stub = member_pb2_grpc.MemberServiceStub(connection.channel)
    with contextlib.closing(SqliteJournal(tmp_path / "journal.db")) as journal:
        asking = asyncio.create_task(Caller(journal, SystemClock()).ask(stub.EndVisit, member_pb2.EndVisitRequest()))
        await asyncio.sleep(0.1)
        await connection.renew()
        members.may_answer.set()
        assert await asking == member_pb2.EndVisitResponse()
