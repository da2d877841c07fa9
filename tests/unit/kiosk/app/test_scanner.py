"""The camera and the reader fitted together: payment codes are counted, and nothing else is kept of them."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from hardware.camera.api import Frame
from kiosk.app.scanner import CameraScanner
from kiosk.codes.kinds import CodeKind
from kiosk.ports.devices import CodeSeen
from kiosk.ports.display import Viewfinder
from tests.journey.panel import PAYMENT_CODE

STRANGE = "https://example.org/"


class HeldBefore:
    """Camera and reader in one: what is held before it is read."""

    is_on = True

    def __init__(self) -> None:
        self.content = b""
        self.reading = asyncio.Event()
        self.reading.set()
        self.arrived: Callable[[], None] = lambda: None

    def watch(self, arrived: Callable[[], None], _lost: Any) -> None:
        self.arrived = arrived

    def take(self) -> Frame:
        return Frame(1, time.monotonic(), np.zeros((8, 8, 3), dtype=np.uint8))

    async def read(self, _picture: Any) -> list[Any]:
        await self.reading.wait()
        return [SimpleNamespace(content=self.content)]

    def switch(self, *, on: bool) -> None:
        self.is_on = on

    async def show(self, text: str) -> None:
        self.content = text.encode()
        self.arrived()
        for _ in range(5):
            await asyncio.sleep(0)


async def test_payment_codes_are_counted_and_nothing_else_is_kept_of_them(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "kiosk.app.scanner")
    held, seen = HeldBefore(), list[CodeSeen]()
    camera: Any = held
    scanner = CameraScanner(camera, camera, Viewfinder())
    scanner.watch(seen.append, lambda _reason: None)
    for text in (PAYMENT_CODE, PAYMENT_CODE, STRANGE, PAYMENT_CODE):
        await held.show(text)
    assert scanner.payment_codes == 2, "one that is still held is not another one"
    assert seen == [CodeSeen(CodeKind.PAYMENT), CodeSeen(CodeKind.FOREIGN), CodeSeen(CodeKind.PAYMENT)]
    assert [line for line in caplog.messages if "payment" in line] == ["payment code shown, 1 so far", "payment code shown, 2 so far"]
    assert PAYMENT_CODE not in caplog.text


async def test_what_is_read_after_the_camera_was_switched_off_is_not_told() -> None:
    held, seen = HeldBefore(), list[CodeSeen]()
    camera: Any = held
    scanner = CameraScanner(camera, camera, Viewfinder())
    scanner.watch(seen.append, lambda _reason: None)
    held.reading.clear()
    await held.show(PAYMENT_CODE)
    scanner.want(wanted=False)
    held.reading.set()
    for _ in range(5):
        await asyncio.sleep(0)
    assert (seen, scanner.payment_codes) == ([], 0)
