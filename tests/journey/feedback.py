"""Feedback as touches: a face and the case number, the answer of staff on the command line, its reading at the kiosk, the verdict.

The digits of the slip are read from the QR code that the printer printed, as a telephone would.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hardware.codes.zbar import ZbarReader
from kiosk.ports.feedback import NUMBER_DIGITS, QR_PREFIX
from tests.journey.glass import JourneyFailed
from tests.journey.script import Journey
from tests.journey.staff import STEP_S, proof

STAFF = "dev-wu"
REPLY = "您好，从下周一起，晚上多开两台收银机。"


@dataclass(slots=True)
class FeedbackJourney(Journey):
    """Plays feedback of a guest on one installation; `digits` are those of the slip, once it is printed."""

    digits: str = ""
    _slips_before: frozenset[Path] = field(default_factory=frozenset)

    def _steps(self) -> Iterator[tuple[str, Callable[[], Any]]]:
        yield "attract", lambda: self.glass.wait_for(lambda seen: seen["state"] == "Attract" and seen["is_linked"], "the attract screen")
        yield "menu", lambda: self.go("attract.start", "Menu")
        yield "feedback", lambda: self.go("menu.feedback", "Saying")
        yield "face", lambda: self.touch_and_see("feedback.face.2", "feedback.quick.4")
        yield "case number", self.submit
        yield "slip", self.read_slip
        yield "menu again", lambda: self.go("feedback.sent.done", "Menu")
        yield "reply by staff", self.reply
        yield "follow up", self.follow_up
        yield "reply seen", lambda: self.go("feedback.case.look", "ShowingCase")
        yield "verdict", self.judge
        yield "end", lambda: self.go("bar-end", "Attract")

    def submit(self) -> None:
        """Say in one tap what is meant, and send it."""
        self._slips_before = frozenset(self.world.slips())
        self.glass.touch("feedback.quick.4")
        self.go("feedback.submit", "FeedbackSent")

    def read_slip(self) -> None:
        """Read the code of the slip that came out."""
        end = time.monotonic() + self.patience_s
        while time.monotonic() < end:
            for slip in sorted(set(self.world.slips()) - self._slips_before):
                codes = [code.text for code in ZbarReader().read_file(slip) if code.text.startswith(QR_PREFIX)]
                if codes:
                    self.digits = codes[0].removeprefix(QR_PREFIX)
                    return
            time.sleep(0.2)
        raise JourneyFailed("no slip with a code came out")

    def reply(self) -> None:
        """Lead the case to a reply, as staff do; each sign-in takes a code of its own."""
        number = self.digits[:NUMBER_DIGITS]
        left_s = STEP_S - time.time() % STEP_S
        if left_s < STEP_S / 2:
            time.sleep(left_s)
        words = (("classify", number, "--category", "CHECKOUT"), ("assign", number), ("reply", number, "--text", REPLY))
        for step, command in enumerate(words, -1):
            self.world.run_service_command("cases", *command, environment=proof(self.world, STAFF, step))

    def follow_up(self) -> None:
        """Type the digits of the slip."""
        self.go("menu.feedback", "Saying")
        self.go("feedback.follow_up", "EnteringCase")
        self.glass.touch_each(f"num-{digit}" for digit in self.digits)

    def judge(self) -> None:
        """Say that it helped; it is asked once."""
        self.glass.touch("feedback.case.helped")

        def is_judged(seen: dict[str, Any]) -> bool:
            return seen["state"] == "ShowingCase" and "feedback.case.helped" not in seen["targets"]

        self.glass.wait_for(is_judged, "the verdict kept", self.patience_s)
