"""What the emulated lens sees: an empty shop, or a picture held before it. Knows no wire."""

from __future__ import annotations

import io
import threading
from typing import Final

import numpy as np
from PIL import Image, UnidentifiedImageError

WIDTH_PX: Final = 1280
HEIGHT_PX: Final = 720
_HELD_PX: Final = 560
_QUALITY: Final = 85
_NOISE: Final = 6
_FRAMES: Final = 4
_MAX_PIXELS: Final = 50_000_000


class Scene:
    """The picture before the lens. Thread: any."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._shop = _shop()
        self._frames = _with_noise(self._shop)
        self._turn = 0
        self.is_stalled = False

    def show(self, content: bytes) -> None:
        """Hold a picture (PNG, JPEG, WebP) before the lens.

        Raises:
            ValueError: It is no picture.
        """
        picture = _loaded(content)
        held = self._shop.copy()
        if picture.size == (WIDTH_PX, HEIGHT_PX):
            held = picture  # a whole scene
        else:
            # Largest factor that keeps modules of a drawn code whole where it is enlarged.
            factor = min(_HELD_PX / picture.width, _HELD_PX / picture.height)
            factor = float(int(factor)) if factor >= 1 else factor
            way = Image.Resampling.NEAREST if factor >= 1 else Image.Resampling.LANCZOS
            small = picture.resize((max(1, int(picture.width * factor)), max(1, int(picture.height * factor))), way)
            held.paste(small, ((WIDTH_PX - small.width) // 2, (HEIGHT_PX - small.height) // 2))
        self._hold(held)

    def clear(self) -> None:
        """Take it away."""
        self._hold(self._shop)

    def jpeg(self) -> bytes:
        """Return the next frame."""
        with self._lock:
            self._turn = (self._turn + 1) % len(self._frames)
            return self._frames[self._turn]

    def _hold(self, picture: Image.Image) -> None:
        frames = _with_noise(picture)
        with self._lock:
            self._frames = frames


def _with_noise(picture: Image.Image) -> list[bytes]:
    """Return frames that differ by a sensor's noise; made once, so that the emulator costs no more than a camera."""
    pixels, random = np.asarray(picture, dtype=np.int16), np.random.default_rng(1)
    frames = []
    for _ in range(_FRAMES):
        noisy = pixels + random.integers(-_NOISE, _NOISE + 1, pixels.shape, dtype=np.int16)
        out = io.BytesIO()
        Image.fromarray(np.clip(noisy, 0, 255).astype(np.uint8)).save(out, "JPEG", quality=_QUALITY)
        frames.append(out.getvalue())
    return frames


def _shop() -> Image.Image:
    """Return a lit room: bright above, darker shelves below."""
    ramp = np.linspace(190, 110, HEIGHT_PX, dtype=np.uint8)[:, None, None]
    room = np.repeat(np.repeat(ramp, WIDTH_PX, axis=1), 3, axis=2).copy()
    for left in range(0, WIDTH_PX, 160):
        room[420:700, left + 10 : left + 150] -= 40
    return Image.fromarray(room)


def _loaded(content: bytes) -> Image.Image:
    try:
        with Image.open(io.BytesIO(content), formats=("PNG", "JPEG", "WEBP")) as image:
            if image.width * image.height > _MAX_PIXELS:
                raise ValueError("too large")
            return image.convert("RGB")
    except (UnidentifiedImageError, OSError, SyntaxError) as error:
        raise ValueError("no picture") from error
