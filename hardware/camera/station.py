"""The camera as the kiosk's loop sees it: on while somebody wants it, the newest frame and no older one, its health. Thread: loop.

One capture thread. It reads as fast as frames come, so that none grows old in a buffer, and keeps only the last: a slow reader of codes
never looks at the past. Knows nothing of what is in a picture.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

from hardware.camera.api import Camera, CameraGone, Frame
from hardware.errors import Busy, DeviceError, TimedOut
from hardware.health import Health, HealthState
from hardware.worker import Worker

logger = logging.getLogger(__name__)

REOPEN_AFTER_S: Final = (0.5, 1.0, 2.0, 5.0)
LOOK_LIMIT_S: Final = 2.0
CLOSE_LIMIT_S: Final = 5.0


class CameraStation:
    """The camera.

    Args:
        camera: Driver.
        capture_worker: Runs the driver while it is on.
        look_worker: Looks whether it is attached.
    """

    def __init__(self, camera: Camera, capture_worker: Worker, look_worker: Worker) -> None:
        self._camera = camera
        self._worker = capture_worker
        self._look_worker = look_worker
        self._wanted = threading.Event()
        self._lock = threading.Lock()
        self._newest: Frame | None = None
        self._capturing: asyncio.Task[None] | None = None
        self._on_frame: Callable[[], None] = lambda: None
        self._on_trouble: Callable[[DeviceError], None] = lambda _error: None
        self._health = Health(HealthState.OK, "", datetime.now(UTC))

    def watch(self, on_frame: Callable[[], None], on_trouble: Callable[[DeviceError], None]) -> None:
        """Have `on_frame` called on the loop after each frame, and `on_trouble` when a camera that is wanted cannot be had."""
        self._on_frame, self._on_trouble = on_frame, on_trouble

    @property
    def is_on(self) -> bool:
        """Whether it is wanted, and so on or on its way."""
        return self._wanted.is_set()

    def switch(self, *, on: bool) -> None:
        """Switch it on or off; the last frame is forgotten with it.

        Each time that it is switched on it is opened anew: what an earlier connection buffered was seen by somebody else's visit.
        """
        if on and not self._wanted.is_set():
            self._wanted = threading.Event()
            self._wanted.set()
            self._capturing = asyncio.get_running_loop().create_task(self._capture(self._wanted), name="camera")
        elif not on:
            self._wanted.clear()
            self._forget()

    def take(self) -> Frame | None:
        """Return the newest frame, once; None where none has come since the last call."""
        with self._lock:
            frame, self._newest = self._newest, None
        return frame

    async def look(self) -> Health:
        """Return whether the camera can be used; a camera that is off is not switched on for it."""
        if self._wanted.is_set():
            return self._health
        try:
            is_there = await self._look_worker.run(self._camera.is_there, timeout_s=LOOK_LIMIT_S)
        except (Busy, TimedOut):
            is_there = False
        return self._saw(None if is_there else CameraGone("not attached"))

    async def close(self) -> None:
        """Switch it off and end both workers; waits for the capture, which must not outlive the interpreter."""
        self.switch(on=False)
        if self._capturing is not None:
            with contextlib.suppress(TimeoutError, asyncio.CancelledError):
                await asyncio.wait_for(asyncio.shield(self._capturing), CLOSE_LIMIT_S)
        await self._look_worker.close()
        await self._worker.close(CLOSE_LIMIT_S)

    async def _capture(self, wanted: threading.Event) -> None:
        """Keep it open as long as it is wanted, opening it again when it comes back."""
        failures = 0
        loop = asyncio.get_running_loop()
        while wanted.is_set():
            try:
                failures = 0 if await self._worker.run(self._pump, wanted, loop, timeout_s=None) else failures
            except DeviceError as error:
                if not wanted.is_set():
                    return
                self._forget()
                self._saw(error)
                self._on_trouble(error)
                await asyncio.sleep(REOPEN_AFTER_S[min(failures, len(REOPEN_AFTER_S) - 1)])
                failures += 1

    def _pump(self, wanted: threading.Event, loop: asyncio.AbstractEventLoop) -> bool:
        """Read until it is not wanted; returns whether frames came. Thread: worker."""
        frame = None
        try:
            if wanted.is_set():
                self._camera.open()
            while wanted.is_set():
                frame = self._camera.read()
                with self._lock:
                    # Switched off meanwhile: nobody may find this frame later.
                    self._newest = frame if wanted.is_set() else None
                with contextlib.suppress(RuntimeError):  # the loop ended first
                    loop.call_soon_threadsafe(self._arrived, wanted)
        finally:
            self._camera.close()
        return frame is not None

    def _arrived(self, wanted: threading.Event) -> None:
        if wanted.is_set():
            self._saw(None)
            self._on_frame()

    def _forget(self) -> None:
        with self._lock:
            self._newest = None

    def _saw(self, trouble: DeviceError | None) -> Health:
        before = self._health
        state = HealthState.OK if trouble is None else HealthState.GONE
        self._health = before.changed(state, trouble.text_key if trouble else "", datetime.now(UTC))
        if before.state is not state:
            level = logging.INFO if trouble is None else logging.WARNING
            logger.log(level, "camera: %s %s", state, type(trouble).__name__ if trouble else "")
        return self._health
