"""Codes as touches: the member's own code leads to the coupons; a payment code, an old code and a used one lead nowhere and say why.

The member joins first, as everybody does; the code is drawn as the member's app would and held before the emulated camera.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from tests.journey.glass import JourneyFailed
from tests.journey.panel import PAYMENT_CODE, drawn
from tests.journey.script import Journey


@dataclass(slots=True)
class CodesJourney(Journey):
    """Plays the codes of one member on one installation; `old` is a code whose time is over."""

    number: str = ""
    old: bytes = b""
    used: bytes = b""

    def _steps(self) -> Iterator[tuple[str, Callable[[], Any]]]:
        yield "attract", lambda: self.glass.wait_for(lambda seen: seen["state"] == "Attract" and seen["is_linked"], "the attract screen")
        yield "menu", lambda: self.go("attract.start", "Menu")
        yield "sign in", lambda: self.go("menu.sign_in", "WaitingForCard")
        yield "camera", self.begin_scanning
        yield "payment code", lambda: self.show_and_stay(drawn(PAYMENT_CODE))
        yield "strange code", lambda: self.show_and_stay(drawn("https://example.org/"))
        yield "expired code", lambda: self.show_and_stay(self.old)
        yield "member code", self.show_own
        yield "home without code", self.see_home
        yield "coupons", lambda: self.go("member.coupons", "CouponList")
        yield "end", lambda: self.go("bar-end", "Attract")
        yield "menu again", lambda: self.go("attract.start", "Menu")
        yield "sign in again", lambda: self.go("menu.sign_in", "WaitingForCard")
        yield "camera again", self.begin_scanning
        yield "used code", lambda: self.show_and_stay(self.used)
        yield "end again", lambda: self.go("bar-end", "Attract")

    @property
    def camera(self) -> Any:
        """What pictures are held before."""
        if self.world.camera is None:
            raise JourneyFailed("no camera runs")
        return self.world.camera

    def begin_scanning(self) -> None:
        """Choose the camera, once the kiosk has seen that it works."""
        self.glass.wait_for(lambda seen: "sign_in.scan" in seen["targets"], "the way by the camera", self.patience_s)
        self.go("sign_in.scan", "Scanning")

    def show_and_stay(self, picture: bytes) -> None:
        """Hold a picture before the camera that leads nowhere, and take it away once the kiosk has said so."""
        before = self._verdicts()
        self.camera.show(picture)
        end = time.monotonic() + self.patience_s
        while self._verdicts() == before:
            if time.monotonic() > end:
                raise JourneyFailed("the kiosk says nothing about the code")
            time.sleep(0.05)
        self.glass.wait("Scanning", wait_s=self.patience_s)
        self.camera.clear()

    def show_own(self) -> None:
        """Hold the member's code before the camera."""
        self.used = self.world.member_code(self.number)
        self.camera.show(self.used)
        self.glass.wait("MemberHome", wait_s=self.patience_s)
        self.camera.clear()

    def see_home(self) -> None:
        """Wait until the home is all there: it draws no code for who came with one."""
        time.sleep(1.0)

    def _verdicts(self) -> int:
        """Return how many codes the kiosk has spoken about so far; its log says kinds, never contents."""
        log = (self.world.folder / "logs" / "kiosk.log").read_text(encoding="utf-8", errors="replace")
        return log.count("code shown")
