"""Runs the virtual card until it is stopped: `python -m hardware.emulation.card --port 35963 --control-port 0`."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import signal
from pathlib import Path

from hardware.emulation.card.control import Control
from hardware.emulation.card.desk import CardDesk
from hardware.emulation.card.kinds import Kind
from hardware.emulation.card.timing import AirTime


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m hardware.emulation.card", description="A virtual card on pcscd's virtual reader.")
    parser.add_argument("--port", type=int, required=True, help="vpcd's port of the first slot; the second is the next one")
    parser.add_argument("--control-port", type=int, default=0, help="port of the control channel on 127.0.0.1; 0 chooses one")
    parser.add_argument("--control-file", type=Path, help="where to write the number of the control port once it is open")
    parser.add_argument("--cards", type=Path, help="folder that keeps the cards, one file each; without it they are forgotten")
    parser.add_argument("--insert", metavar="NAME", help="lay this card on the reader at the start")
    parser.add_argument("--kind", type=Kind, default=Kind.BLANK, choices=list(Kind), help="kind of that card where it is new")
    parser.add_argument("--speed", type=int, default=0, choices=[0, 106, 212, 424, 848], help="kbit/s on the air; 0 takes no time")
    return parser.parse_args()


async def _run(arguments: argparse.Namespace) -> None:
    desk = CardDesk(arguments.port, arguments.cards, AirTime(arguments.speed))
    control = Control(desk)
    server = await asyncio.start_server(control.serve, "127.0.0.1", arguments.control_port)
    port = server.sockets[0].getsockname()[1]
    if arguments.control_file is not None:
        beside = arguments.control_file.with_suffix(".new")
        beside.write_text(f"{port}\n")
        beside.replace(arguments.control_file)
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, control.stopped.set)
    if arguments.insert is not None:
        desk.make(arguments.insert, arguments.kind)
        with contextlib.suppress(TimeoutError):  # goes on trying until the reader is there
            await desk.insert(arguments.insert)
    await control.stopped.wait()
    for slot in (0, 1):
        await desk.remove(slot)
    server.close()


def main() -> None:
    """Run."""
    asyncio.run(_run(_arguments()))


if __name__ == "__main__":
    main()
