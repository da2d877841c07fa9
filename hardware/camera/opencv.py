"""The camera through OpenCV's VideoCapture: a number is a camera of this machine (V4L2), an address is a stream (MJPEG over HTTP).

The only module that imports cv2. It is imported with the first opening: a fifth of a second that the first screen does not wait for.
"""

from __future__ import annotations

import logging
import os
import socket
import time
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import numpy as np

from hardware.camera.api import CameraGone, Frame, NoCamera

logger = logging.getLogger(__name__)

WIDTH_PX: Final = 1280
HEIGHT_PX: Final = 720
_FRAME_LIMIT_MS: Final = 2000
_CONNECT_LIMIT_S: Final = 0.5
_HTTP_PORT: Final = 80


class OpenCvCamera:
    """See hardware.camera.api.Camera.

    Args:
        source: Number of the camera as text ("0" is /dev/video0), or the address of a stream.
    """

    def __init__(self, source: str) -> None:
        self._source = source
        self._capture: Any = None
        self._number = 0

    def is_there(self) -> bool:
        """Return whether the device file exists, or the stream's server takes a connection."""
        if self._source.isdecimal():
            return Path(f"/dev/video{self._source}").exists()
        parts = urlsplit(self._source)
        try:
            with socket.create_connection((parts.hostname or "", parts.port or _HTTP_PORT), _CONNECT_LIMIT_S):
                return True
        except OSError:
            return False

    def open(self) -> None:
        """Switch it on; see Camera.open."""
        if not self.is_there():
            raise NoCamera("nothing answers")
        # The library would write addresses and warnings past our log.
        os.environ.setdefault("OPENCV_LOG_LEVEL", "OFF")
        os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "-8")
        import cv2  # noqa: PLC0415 - see above

        cv2.setNumThreads(1)
        limits = [cv2.CAP_PROP_OPEN_TIMEOUT_MSEC, _FRAME_LIMIT_MS, cv2.CAP_PROP_READ_TIMEOUT_MSEC, _FRAME_LIMIT_MS]
        if self._source.isdecimal():
            capture = cv2.VideoCapture(int(self._source), cv2.CAP_V4L2)
            capture.set(cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*"MJPG"))
            capture.set(cv2.CAP_PROP_FRAME_WIDTH, WIDTH_PX)
            capture.set(cv2.CAP_PROP_FRAME_HEIGHT, HEIGHT_PX)
        else:
            capture = cv2.VideoCapture(self._source, cv2.CAP_FFMPEG, limits)
        if not capture.isOpened():
            capture.release()
            raise NoCamera("not opened")
        self._capture, self._number = capture, 0

    def read(self) -> Frame:
        """Return the next frame; see Camera.read."""
        if self._capture is None:
            raise CameraGone("not open")
        is_good, pixels = self._capture.read()
        if not is_good or pixels is None:
            raise CameraGone("no frame")
        self._number += 1
        return Frame(self._number, time.monotonic(), np.asarray(pixels, dtype=np.uint8))

    def close(self) -> None:
        """Switch it off."""
        capture, self._capture = self._capture, None
        if capture is not None:
            capture.release()
