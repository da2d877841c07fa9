"""Fits camera and code reader together to what journeys know as the scanner. Thread: loop.

Frames go to the reader one at a time: while one is read, newer ones replace each other, so that what is read is never old. Contents that
are not ours are dropped as soon as their kind is known; of payment codes a counter is kept.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from typing import Final

import numpy as np

from hardware.camera.api import Frame, Pixels
from hardware.camera.opencv import OpenCvCamera
from hardware.camera.station import CameraStation
from hardware.codes.api import Picture
from hardware.codes.zxing import FrameReader
from hardware.errors import DeviceError
from hardware.health import HealthState
from hardware.worker import DeviceWorker, ProcessWorker
from kiosk.codes.kinds import CodeKind
from kiosk.codes.view import View
from kiosk.ports.devices import CodeSeen
from kiosk.ports.display import Sight, Viewfinder
from kiosk.ports.values import Reason
from kiosk.session.device_reasons import device_reason

log = logging.getLogger(__name__)

SIGHT_EVERY_S: Final = 0.1
_SIGHT_STEP: Final = 2
_BLUE, _GREEN, _RED = 29, 150, 77  # of 256: ITU-R BT.601


class CameraScanner:
    """See kiosk.ports.devices.CodeScanner.

    Attributes:
        payment_codes: How many payment codes were shown since the start; nothing else is known of them.
    """

    def __init__(self, station: CameraStation, reader: FrameReader, viewfinder: Viewfinder) -> None:
        self._station = station
        self._reader = reader
        self._viewfinder = viewfinder
        self._view = View()
        self._reading: asyncio.Task[None] | None = None
        self._sight_at_s = 0.0
        self._off_since_s = float("-inf")
        self._on_code: Callable[[CodeSeen], None] = lambda _seen: None
        self._on_lost: Callable[[Reason], None] = lambda _reason: None
        self.payment_codes = 0

    def watch(self, on_code: Callable[[CodeSeen], None], on_lost: Callable[[Reason], None]) -> None:
        """See CodeScanner.watch."""
        self._on_code, self._on_lost = on_code, on_lost
        self._station.watch(self._arrived, lambda error: self._on_lost(device_reason(error)))

    def want(self, *, wanted: bool) -> None:
        """See CodeScanner.want."""
        if wanted == self._station.is_on:
            return
        log.info("camera %s", "on" if wanted else "off")
        self._station.switch(on=wanted)
        now_s = time.monotonic()
        if wanted:
            self._view.resumed(now_s - self._off_since_s, now_s)
        else:
            self._off_since_s = now_s
            self._viewfinder.sight = None

    async def is_usable(self) -> bool:
        """Tell whether the camera can be used now."""
        return (await self._station.look()).state is not HealthState.GONE

    async def warm(self) -> None:
        """Have the reader ready before the first member shows something."""
        try:
            await self._reader.warm()
        except DeviceError as error:
            log.warning("code reader does not start: %s", type(error).__name__)

    async def close(self) -> None:
        """Switch the camera off and end the reader's process."""
        await self._station.close()
        if self._reading is not None:
            self._reading.cancel()
        await self._reader.close()

    def _arrived(self) -> None:
        if self._reading is None or self._reading.done():
            frame = self._station.take()
            if frame is not None:
                self._reading = asyncio.get_running_loop().create_task(self._look_at(frame), name="scan")

    async def _look_at(self, frame: Frame) -> None:
        if frame.taken_s - self._sight_at_s >= SIGHT_EVERY_S:
            self._sight_at_s = frame.taken_s
            self._viewfinder.sight = small(frame.pixels)
        try:
            payloads = await self._reader.read(grey(frame.pixels))
        except DeviceError as error:
            log.warning("code reader: %s", type(error).__name__)
            if self._station.is_on:
                self._on_lost(device_reason(error))
            return
        if not self._station.is_on:
            return
        seen = self._view.news([payload.content for payload in payloads], time.monotonic())
        if seen is None:
            return
        if seen.code is not None and seen.code.kind is CodeKind.PAYMENT:
            self.payment_codes += 1
            log.info("payment code shown, %d so far", self.payment_codes)
        else:
            log.info("code shown: %s", seen.name)
        self._on_code(CodeSeen(seen.name, seen.code.text if seen.code else ""))


def open_scanner(source: str, viewfinder: Viewfinder) -> CameraScanner | None:
    """Return the scanner of a camera (see kiosk.config.DeviceSettings.camera), None where there is none; nothing is switched on."""
    if not source:
        return None
    station = CameraStation(OpenCvCamera(source), DeviceWorker("camera"), DeviceWorker("camera-look"))
    return CameraScanner(station, FrameReader(ProcessWorker("codes")), viewfinder)


def grey(pixels: Pixels) -> Picture:
    """Return a colour picture in grey."""
    blue, green, red = (pixels[:, :, place].astype(np.uint16) for place in range(3))
    return ((blue * _BLUE + green * _GREEN + red * _RED) >> 8).astype(np.uint8)


def small(pixels: Pixels) -> Sight:
    """Return a picture at half its size, as in a mirror, for the viewfinder."""
    mirrored = pixels[::-_SIGHT_STEP, ::-_SIGHT_STEP, ::-1]
    height_px, width_px = mirrored.shape[:2]
    return Sight(width_px, height_px, np.ascontiguousarray(mirrored).tobytes())
