"""The development mail server: takes every mail over SMTP and lays it into a folder, one file per Message-ID.

    python -m server_stub.messages.emulation.mail_sink --smtp-port 7025 --folder out/mail

A mail whose Message-ID is there already is taken and not kept a second time, as a mailbox with duplicate suppression does.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import logging
from email import message_from_bytes
from pathlib import Path
from typing import TYPE_CHECKING

from aiosmtpd.smtp import SMTP

from server_stub.messages.emulation.ready import announce, until_told_to_end

if TYPE_CHECKING:
    from aiosmtpd.smtp import Envelope, Session

log = logging.getLogger(__name__)
LOOPBACK = "127.0.0.1"


class Mailbox:
    """Lays mails into the folder as `<number>-<digest of the Message-ID>.eml`.

    Thread:
        loop.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802, ARG002 - aiosmtpd's name
        """Returns the reply to the end of the mail."""
        content = envelope.content if isinstance(envelope.content, bytes) else (envelope.content or "").encode()
        identity = message_from_bytes(content).get("Message-ID", "")
        digest = hashlib.sha256(str(identity).encode() or content).hexdigest()[:16]
        if any(self._folder.glob(f"*-{digest}.eml")):
            log.info("mail %s was here already", digest)
            return "250 OK, known"
        number = len(list(self._folder.glob("*.eml"))) + 1
        temporary = self._folder / f".{digest}.tmp"
        temporary.write_bytes(content)
        temporary.replace(self._folder / f"{number:04d}-{digest}.eml")
        log.info("mail %s taken", digest)
        return "250 OK"


async def run(smtp_port: int, folder: Path, ready_file: Path | None) -> None:
    """Serves until SIGTERM."""
    mailbox = Mailbox(folder)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(mailbox, enable_SMTPUTF8=True, loop=loop), LOOPBACK, smtp_port)
    announce(ready_file, {"smtp": server.sockets[0].getsockname()[1]})
    async with server:
        await until_told_to_end()


def main() -> None:
    """Reads the arguments and serves."""
    parser = argparse.ArgumentParser(prog="mail_sink", description="Development mail server. Keeps every mail as a file.")
    parser.add_argument("--smtp-port", type=int, default=7025, help="port on the loopback address, 0 for any")
    parser.add_argument("--folder", type=Path, default=Path("out/mail"), help="where mails go")
    parser.add_argument("--ready-file", type=Path, help="write the port here once it listens")
    arguments = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s mail-sink %(message)s")
    # aiosmtpd logs addresses at INFO.
    logging.getLogger("mail.log").setLevel(logging.CRITICAL)
    asyncio.run(run(arguments.smtp_port, arguments.folder, arguments.ready_file))


if __name__ == "__main__":
    main()
