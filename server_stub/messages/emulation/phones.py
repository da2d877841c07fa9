"""What the emulated phones have received: messages by number, one per dedupe key. Knows no wire."""

from __future__ import annotations

import json
import re
import time
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_CODE = re.compile(r"(?<![0-9])[0-9]{6}(?![0-9])")
_NUMBER = re.compile(r"\+[0-9]{6,15}")


@dataclass(frozen=True, slots=True)
class Received:
    """A message on a phone. `tries` counts how often the service handed it over."""

    reference: str
    to: str
    text: str
    dedupe_key: str
    received_at: float
    tries: int


class Phones:
    """All phones of the emulated network.

    Thread:
        loop.
    """

    def __init__(self, folder: Path | None = None) -> None:
        """Starts with what the folder holds, so that a restarted gateway still knows what it delivered."""
        self._folder = folder
        self._messages: dict[str, Received] = {}
        if folder:
            folder.mkdir(parents=True, exist_ok=True)
            for path in sorted(folder.glob("*.json")):
                received = Received(**json.loads(path.read_text(encoding="utf-8")))
                self._messages[received.dedupe_key] = received

    def receive(self, to: str, text: str, dedupe_key: str) -> Received:
        """Returns the message as it lies on the phone; a known dedupe key delivers nothing new.

        Raises:
            ValueError: no phone number, no text or no key.
        """
        if not _NUMBER.fullmatch(to) or not text or not dedupe_key:
            raise ValueError("to must be E.164; text and dedupe_key must not be empty")
        known = self._messages.get(dedupe_key)
        received = Received(
            reference=known.reference if known else f"sms-{len(self._messages) + 1:06d}",
            to=to,
            text=known.text if known else text,
            dedupe_key=dedupe_key,
            received_at=known.received_at if known else time.time(),
            tries=known.tries + 1 if known else 1,
        )
        self._messages[dedupe_key] = received
        if self._folder:
            path = self._folder / f"{received.reference}.json"
            path.write_text(json.dumps(asdict(received), ensure_ascii=False), encoding="utf-8")
        return received

    def messages(self, to: str | None = None) -> list[Received]:
        """Returns the messages, of one number or of all, oldest first."""
        return [received for received in self._messages.values() if to in {None, received.to}]

    def code(self, to: str) -> str | None:
        """Returns the newest six-digit code that a number has received."""
        for received in reversed(self.messages(to)):
            found = _CODE.search(received.text)
            if found:
                return found[0]
        return None
