"""The development SMS gateway: a process that takes messages over HTTP and lets a journey read the phones.

    python -m server_stub.messages.emulation.sms_gateway --http-port 7080 --ready-file out/sms.json

* `POST /messages` what the service's adapter sends;
* `GET /messages?to=+86…` what lies on the phone(s), `GET /codes?to=+86…` the newest code;
* `POST /faults {"mode": "refuse" | "busy" | "silent" | "lost_answer" | "none"}` makes it misbehave.

It logs that something came, never to whom or what. Must not be reachable from outside: it listens on the loopback address only.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
from dataclasses import asdict
from enum import StrEnum
from http import HTTPStatus
from pathlib import Path

from server_stub.messages.emulation.http_server import Answer, Request, serve
from server_stub.messages.emulation.phones import Phones
from server_stub.messages.emulation.ready import announce, until_told_to_end

log = logging.getLogger(__name__)
LOOPBACK = "127.0.0.1"
_SILENCE_S = 60.0


class Fault(StrEnum):
    """How the gateway misbehaves: refuses for good, is busy, says nothing, or takes the message and loses its answer."""

    NONE = "none"
    REFUSE = "refuse"
    BUSY = "busy"
    SILENT = "silent"
    LOST_ANSWER = "lost_answer"


class SmsGateway:
    """Routes requests.

    Thread:
        loop.
    """

    def __init__(self, phones: Phones) -> None:
        self._phones = phones
        self._fault = Fault.NONE

    async def handle(self, request: Request) -> Answer:
        """Returns the answer to a request."""
        match request.method, request.path:
            case "POST", "/messages":
                return await self._receive(request)
            case "GET", "/messages":
                return Answer(HTTPStatus.OK, [asdict(m) for m in self._phones.messages(request.query.get("to"))])
            case "GET", "/codes":
                code = self._phones.code(request.query.get("to", ""))
                return Answer(HTTPStatus.OK, {"code": code}) if code else Answer(HTTPStatus.NOT_FOUND, {"error": "no code"})
            case "POST", "/faults":
                return self._set_fault(str(request.body.get("mode")))
            case _:
                return Answer(HTTPStatus.NOT_FOUND, {"error": "path"})

    async def _receive(self, request: Request) -> Answer:
        match self._fault:
            case Fault.REFUSE:
                return Answer(HTTPStatus.FORBIDDEN, {"error": "refused"})
            case Fault.BUSY:
                return Answer(HTTPStatus.SERVICE_UNAVAILABLE, {"error": "busy"})
            case Fault.SILENT:
                await asyncio.sleep(_SILENCE_S)
                return Answer(HTTPStatus.OK, None)
            case Fault.NONE | Fault.LOST_ANSWER:
                pass
        body = request.body
        try:
            received = self._phones.receive(str(body.get("to", "")), str(body.get("text", "")), str(body.get("dedupe_key", "")))
        except ValueError as error:
            return Answer(HTTPStatus.UNPROCESSABLE_ENTITY, {"error": str(error)})
        log.info("message %s taken, try %d", received.reference, received.tries)
        return Answer(HTTPStatus.CREATED, None if self._fault is Fault.LOST_ANSWER else {"reference": received.reference})

    def _set_fault(self, mode: str) -> Answer:
        if mode not in set(Fault):
            return Answer(HTTPStatus.BAD_REQUEST, {"error": "mode"})
        self._fault = Fault(mode)
        return Answer(HTTPStatus.OK, {"mode": mode})


async def run(http_port: int, folder: Path | None, ready_file: Path | None) -> None:
    """Serves until SIGTERM."""
    server = await serve(LOOPBACK, http_port, SmsGateway(Phones(folder)).handle)
    announce(ready_file, {"http": server.sockets[0].getsockname()[1]})
    await until_told_to_end()
    # Not waited for: since Python 3.12 that would last until the slowest caller goes, a silent gateway's for ever.
    server.close()


def main() -> None:
    """Reads the arguments and serves."""
    parser = argparse.ArgumentParser(prog="sms_gateway", description="Development SMS gateway. Keeps messages for the journey to read.")
    parser.add_argument("--http-port", type=int, default=7080, help="port on the loopback address, 0 for any")
    parser.add_argument("--folder", type=Path, help="keep messages here too, one file each")
    parser.add_argument("--ready-file", type=Path, help="write the ports here once it listens")
    arguments = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s sms-gateway %(message)s")
    asyncio.run(run(arguments.http_port, arguments.folder, arguments.ready_file))


if __name__ == "__main__":
    main()
