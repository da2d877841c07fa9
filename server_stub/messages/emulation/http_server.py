"""A small HTTP/1.1 server on asyncio, enough for a development gateway: one request per connection. Knows no messages."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

_MOST_HEADER_BYTES = 8192
_MOST_BODY_BYTES = 65_536
_READ_S = 5.0


@dataclass(frozen=True, slots=True)
class Request:
    """A request: method, path, query and JSON body (empty without one)."""

    method: str
    path: str
    query: dict[str, str]
    body: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer; None as a body breaks the connection off without a word."""

    status: HTTPStatus
    body: dict[str, Any] | list[Any] | None


async def serve(host: str, port: int, handle: Callable[[Request], Awaitable[Answer]]) -> asyncio.Server:
    """Returns a listening server; port 0 lets the system choose."""

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(_READ_S):
                request = await _read(reader)
            answer = await handle(request) if request else Answer(HTTPStatus.BAD_REQUEST, {"error": "request"})
            if answer.body is not None:
                writer.write(_written(answer))
                await writer.drain()
        except (TimeoutError, ConnectionError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass
        finally:
            writer.close()

    return await asyncio.start_server(connected, host, port, limit=_MOST_HEADER_BYTES)


async def _read(reader: asyncio.StreamReader) -> Request | None:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    words = head[0].split(" ")
    headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:])}
    length = headers.get("content-length", "0")
    if len(words) != 3 or not length.isdecimal() or int(length) > _MOST_BODY_BYTES:
        return None
    try:
        body = json.loads(await reader.readexactly(int(length)) or b"{}")
    except ValueError:
        return None
    target = urlsplit(words[1])
    return Request(words[0], target.path, dict(parse_qsl(target.query)), body) if isinstance(body, dict) else None


def _written(answer: Answer) -> bytes:
    body = json.dumps(answer.body, ensure_ascii=False).encode()
    head = f"HTTP/1.1 {answer.status.value} {answer.status.phrase}\r\nContent-Type: application/json; charset=utf-8\r\n"
    return f"{head}Content-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode() + body
