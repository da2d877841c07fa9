"""The touchscreen as a member meets it: an X display, a finger, a look. Touches are real X events at the real places."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from PIL import Image, ImageGrab

WAIT_S = 20.0
LOOK_EVERY_S = 0.03
HOLD_S = 0.06
UNPLACED = (-1.0,)
# The screens ignore a second touch within 300 ms on one target; a finger is slower than that anyway.
BETWEEN_TOUCHES_S = 0.05


class JourneyFailed(Exception):
    """The journey did not go on; the message says where and what was to be seen instead."""


class Display:
    """A private X server without a screen."""

    def __init__(self, width: int, height: int) -> None:
        receive, send = os.pipe()
        self._process = subprocess.Popen(
            ["Xvfb", "-displayfd", str(send), "-screen", "0", f"{width}x{height}x24", "-nolisten", "tcp"],
            pass_fds=(send,),
            stderr=subprocess.DEVNULL,
        )
        os.close(send)
        with os.fdopen(receive) as numbers:
            number = numbers.readline().strip()
        if not number:
            raise JourneyFailed("Xvfb did not start")
        self.name = f":{number}"

    def close(self) -> None:
        """End it."""
        self._process.terminate()
        self._process.wait(5)


class Glass:
    """What the kiosk shows, and a finger on it."""

    def __init__(self, display: str, probe: Path) -> None:
        self._display = display
        self._probe = probe
        self._environment = {**os.environ, "DISPLAY": display}

    def look(self) -> dict[str, Any]:
        """Return the present screen: state, language, overlay, targets.

        Raises:
            JourneyFailed: the kiosk does not answer.
        """
        try:
            with socket.socket(socket.AF_UNIX) as asked:
                asked.settimeout(5)
                asked.connect(str(self._probe))
                asked.sendall(b"screen\n")
                with asked.makefile("r", encoding="utf-8") as lines:
                    return dict(json.loads(lines.readline()))
        except (OSError, json.JSONDecodeError) as error:
            raise JourneyFailed(f"the kiosk does not answer: {type(error).__name__}") from error

    def wait(self, *states: str, wait_s: float = WAIT_S, overlay: str | None = None) -> dict[str, Any]:
        """Return the screen once it shows one of these states."""

        def shown(seen: dict[str, Any]) -> bool:
            return (not states or seen["state"] in states) and (overlay is None or seen["overlay"] == overlay)

        return self.wait_for(shown, " or ".join(states) or str(overlay), wait_s)

    def wait_for(self, holds: Callable[[dict[str, Any]], bool], wanted: str, wait_s: float = WAIT_S) -> dict[str, Any]:
        """Return the screen once `holds` says so."""
        end = time.monotonic() + wait_s
        seen: dict[str, Any] = {"state": "nothing"}
        while time.monotonic() < end:
            try:
                seen = self.look()
            except JourneyFailed:
                time.sleep(LOOK_EVERY_S * 5)
                continue
            if holds(seen):
                return seen
            time.sleep(LOOK_EVERY_S)
        raise JourneyFailed(f"waited {wait_s:.0f} s for {wanted}, saw {seen['state']}")

    def touch(self, target: str, wait_s: float = WAIT_S) -> None:
        """Touch a target in its middle, once it is there."""
        # A widget that is not placed yet stands far away.
        seen = self.wait_for(lambda screen: screen.get("targets", {}).get(target, UNPLACED)[0] >= 0, f"the target {target}", wait_s)
        left, top, width, height = seen["targets"][target]
        self.touch_at(left + width / 2, top + height / 2)

    def touch_at(self, x: float, y: float) -> None:
        """Touch the glass at a place in window pixels from the top left."""
        finger = ["xdotool", "mousemove", str(round(x)), str(round(y)), "mousedown", "1", "sleep", str(HOLD_S), "mouseup", "1"]
        subprocess.run(finger, env=self._environment, check=True, timeout=10)
        time.sleep(BETWEEN_TOUCHES_S)

    def touch_each(self, targets: Iterable[str]) -> None:
        """Touch one target after the other."""
        for target in targets:
            self.touch(target)

    def picture(self, path: Path) -> None:
        """Save what is on the display."""
        path.parent.mkdir(parents=True, exist_ok=True)
        grabbed: Image.Image = ImageGrab.grab(xdisplay=self._display)
        grabbed.save(path)
