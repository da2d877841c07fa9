"""`make run`: the whole product on this machine.

With a display the kiosk opens, with a panel that lays cards on the reader and shows codes, slips and mail. Without one the
journey is played by touches on a virtual display: join, buy at a till, redeem, take part in a campaign, say what one thinks.
Ends with 0 only if the member exists, the card verifies and tells what the ledger holds, the purchase earned points, the mail arrived,
and the kiosk was heard to speak of the card that was left in the reader.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import sys
import tempfile
import time
from enum import StrEnum
from pathlib import Path

from hardware.errors import KioskError
from tests.journey.everyday import EverydayJourney
from tests.journey.glass import JourneyFailed
from tests.journey.results import collect, write_steps
from tests.journey.script import Person
from tests.journey.world import World

OUT = Path("out/run")

CARD_KBIT_PER_S = 106
"""As on the air (ISO/IEC 14443); without it a card is written before anybody has seen how."""


class Fault(StrEnum):
    """What is broken on purpose, to see the run end otherwise and say so."""

    NONE = "none"
    DEAD_MAIL = "dead-mail"
    FOREIGN_CARD = "foreign-card"
    STOPPED_SERVICE = "stopped-service"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.journey", description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--headless", action="store_true", help="play on a virtual display even where there is a real one")
    parser.add_argument("--language", choices=("zh-Hans", "zh-Hant", "en"), default="zh-Hans", help="default zh-Hans")
    parser.add_argument("--fault", choices=tuple(Fault), default=Fault.NONE, help="break something on purpose")
    parser.add_argument("--out", type=Path, default=OUT, help="folder for steps, pictures, slip, mail; default out/run")
    parser.add_argument("--width", type=int, default=540, help="width of the virtual display in px; the height is 16/9 of it")
    parser.add_argument("--patience", type=float, default=20.0, help="seconds to wait for a screen or a mail; default 20")
    return parser.parse_args()


def main() -> int:
    """Run; returns the exit code."""
    arguments = _arguments()
    shutil.rmtree(arguments.out, ignore_errors=True)
    arguments.out.mkdir(parents=True)
    # Sockets need a short path, and nothing of a trial stays behind.
    folder = Path(tempfile.mkdtemp(prefix="member-kiosk-"))
    signal.signal(signal.SIGTERM, lambda *_about: sys.exit(143))
    try:
        by_hand = bool(os.environ.get("DISPLAY") and not arguments.headless)
        height = arguments.width * 16 // 9
        with World(folder, width=arguments.width, height=height, card_kbit_per_s=CARD_KBIT_PER_S, is_heard=not by_hand) as world:
            if by_hand:
                return _by_hand(world)
            return _play(world, arguments)
    except (JourneyFailed, KioskError) as failure:
        print(f"FAILED: {failure}", flush=True)
        return 1
    finally:
        _keep_logs(folder, arguments.out)
        shutil.rmtree(folder, ignore_errors=True)


def _play(world: World, arguments: argparse.Namespace) -> int:
    began = time.monotonic()
    print("starting gateways, card reader, printer, central service and kiosk ...", flush=True)
    _start(world, arguments.fault)
    world.start_kiosk()
    print(f"    all processes run           {time.monotonic() - began:6.2f} s", flush=True)
    person = Person(latin_name="Alex Morgan") if arguments.language == "en" else Person()
    journey = EverydayJourney(world, person, arguments.language, arguments.out, lambda line: print(line, flush=True))
    journey.patience_s = arguments.patience
    if arguments.fault == Fault.FOREIGN_CARD:
        journey.card_kind = "foreign"
    try:
        if arguments.fault == Fault.STOPPED_SERVICE:
            journey.before["submit"] = world.service.kill
        journey.play()
        proved = collect(journey, arguments.out, journey.heard)
    except JourneyFailed as failure:
        write_steps(journey.steps, arguments.out, str(failure))
        if world.kiosk.is_running:
            world.glass.picture(arguments.out / "failure.png")
        raise
    write_steps(journey.steps, arguments.out)
    slips = ", ".join(proved["slips"])
    print(f"card verifies ({proved['card']['name_masked']}, {proved['points']} points), {slips}, mail “{proved['mail']['subject']}”")
    print(f"heard: {', '.join(proved['heard'])}")
    print(f"the journey works; see {arguments.out}/")
    return 0


def _start(world: World, fault: Fault) -> None:
    world.start_outside()
    world.start_service()
    if fault == Fault.DEAD_MAIL:
        world.mail.kill()


def _by_hand(world: World) -> int:
    from tests.journey.panel import run_panel

    _start(world, Fault.NONE)
    world.start_kiosk(os.environ["DISPLAY"])
    return run_panel(world)


def _keep_logs(folder: Path, out: Path) -> None:
    if (folder / "logs").exists():
        shutil.copytree(folder / "logs", out / "logs", dirs_exist_ok=True)


if __name__ == "__main__":
    sys.exit(main())
