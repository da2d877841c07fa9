"""What a played journey leaves behind, and whether it was one: the member exists, the card verifies, the mail arrived."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from hardware.card.layout.fields import decode
from hardware.card.layout.files import BODY, IDENTITY_FIELDS, SNAPSHOT_FIELDS
from tests.journey.glass import JourneyFailed
from tests.journey.script import Journey, Played
from tests.journey.world import World

SLIP_WAIT_S = 15.0
_FILES = {1: IDENTITY_FIELDS, 2: SNAPSHOT_FIELDS}


def collect(journey: Journey, out: Path, heard: list[str]) -> dict[str, Any]:
    """Write slip, mail and the card's words into `out`; returns what was proved, with the prompts that were heard.

    Raises:
        JourneyFailed: something is missing or does not verify.
    """
    world = journey.world
    (out / "card.txt").write_text("\n".join(_in_words(_control(world).describe("member"))) + "\n", encoding="utf-8")
    proved = {
        "card": _verify_card(world),
        "points": _points(world),
        "slips": _slips(world, out),
        "mail": _mail(journey, out),
        "heard": heard,
    }
    (out / "proved.json").write_text(json.dumps(proved, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return proved


def write_steps(steps: list[Played], out: Path, failure: str = "") -> None:
    """Write steps.json: each step with its duration and the state that it led to, and what failed."""
    text = {"steps": [asdict(step) for step in steps], "total_s": round(sum(step.seconds for step in steps), 2), "failure": failure}
    (out / "steps.json").write_text(json.dumps(text, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def membership_number(world: World) -> str:
    """Return the number in the identity of the member's card, as a till reads it."""
    return _identity_and_snapshot(world)["membership_number"]


def _identity_and_snapshot(world: World) -> dict[str, str]:
    return dict(line.strip().split(": ", 1) for line in _in_words(_control(world).describe("member")) if ": " in line)


def _points(world: World) -> int:
    """Return the points that the card tells, once the ledger proves itself with its cards."""
    world.run_service_command("ledger", "prove")
    return int(_identity_and_snapshot(world)["points"])


def _control(world: World) -> Any:
    if world.cards is None:
        raise JourneyFailed("no card reader runs")
    return world.cards.control


def _in_words(lines: list[str]) -> Iterator[str]:
    """Yield what the card holds, identity and snapshot field by field."""
    for line in lines:
        title, found, content = line.partition(" bytes: ")
        layout = next((fields for number, fields in _FILES.items() if title.strip().startswith(f"file {number}:")), None)
        if not found or layout is None:
            yield line
            continue
        yield f"{title} bytes, signed"
        for name, value in decode(layout, bytes.fromhex(content)[:BODY]).items():
            yield f"    {name}: {value.hex() if isinstance(value, bytes) else value}"


def _verify_card(world: World) -> dict[str, Any]:
    """Have the kiosk's own command verify the card with the centre; the kiosk itself is stopped, so the reader is free."""
    world.kiosk.stop()
    _control(world).insert("member")
    report = kiosk_command(world, "card", "verify", "--json")
    _control(world).remove()
    if not report.get("is_good"):
        raise JourneyFailed(f"the card does not verify: {report.get('reason')}")
    return report


def kiosk_command(world: World, *words: str) -> dict[str, Any]:
    """Run a command of the kiosk and return its JSON."""
    command = [sys.executable, "-m", "kiosk", *words]
    done = subprocess.run(command, env=world.kiosk_environment(), capture_output=True, text=True, timeout=240, check=False)
    try:
        return dict(json.loads(done.stdout))
    except json.JSONDecodeError as error:
        raise JourneyFailed(f"kiosk {' '.join(words[:2])} ended with {done.returncode}: {done.stderr[-300:]}") from error


def _slips(world: World, out: Path) -> list[str]:
    """Copy the slips in the order in which they came out: slip.pdf is the first one, that of the membership."""
    slips = world.slips(SLIP_WAIT_S)
    if not slips:
        raise JourneyFailed("no slip was printed")
    names = ["slip.pdf", *(f"slip-{number}.pdf" for number in range(2, len(slips) + 1))]
    for slip, name in zip(slips, names, strict=True):
        shutil.copyfile(slip, out / name)
    return names


def _mail(journey: Journey, out: Path) -> dict[str, Any]:
    mail = journey.world.wait_for_welcome(journey.person.email, journey.patience_s)
    (out / "mail.eml").write_bytes(mail.as_bytes())
    return {"file": "mail.eml", "subject": str(mail["Subject"])}
