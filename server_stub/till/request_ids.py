"""Request ids of a script as the service wants them: UUIDs of version 7, the same for the same text. Knows no line."""

from __future__ import annotations

import hashlib
import uuid

_BYTES = 16


class RequestIds:
    """Turns a script's ids into the service's, and back."""

    def __init__(self) -> None:
        self._texts: dict[str, str] = {}

    def of(self, text: str) -> str:
        """Returns the service's id."""
        number = int.from_bytes(hashlib.sha256(text.encode()).digest()[:_BYTES])
        number = number & ~(0xF << 76) | (0x7 << 76)
        number = number & ~(0x3 << 62) | (0x2 << 62)
        made = str(uuid.UUID(int=number))
        self._texts[made] = text
        return made

    def text_of(self, made: str) -> str:
        """Returns the script's id of what was made here, and everything else as it is."""
        return self._texts.get(made, made)
