"""What the chip keeps without power: keys, applications, files; and how that lies in a file of this machine.

Knows no commands and no sessions.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

AES = "aes"
DES = "des"

STANDARD = "standard"
BACKUP = "backup"
CYCLIC = "cyclic"

# One unit of the chip's memory; every file takes whole units.
UNIT = 32
APPLICATION_OVERHEAD = 5 * UNIT


@dataclass(slots=True)
class Key:
    """One key: algorithm, value, version."""

    kind: str
    value: bytes
    version: int = 0

    @property
    def block(self) -> int:
        """Return the block length of its algorithm."""
        return 16 if self.kind == AES else 8


@dataclass(slots=True)
class File:
    """One file. `content` is what counts now; a cyclic file holds its records in `records`, newest last."""

    number: int
    kind: str
    protection: int
    rights: int
    content: bytes = b""
    record_size: int = 0
    record_limit: int = 0
    records: list[bytes] = field(default_factory=list)

    @property
    def size_on_chip(self) -> int:
        """Return the memory that it takes."""
        size = self.record_size * self.record_limit if self.kind == CYCLIC else len(self.content)
        units = -(-size // UNIT) * UNIT
        return 2 * units if self.kind == BACKUP else units


@dataclass(slots=True)
class Application:
    """One application; that with AID 000000 is the card itself."""

    aid: bytes
    settings: int
    keys: list[Key]
    iso_fid: bytes = b""
    df_name: bytes = b""
    files: list[File] = field(default_factory=list)

    def file(self, number: int) -> File | None:
        """Return a file by its number."""
        return next((f for f in self.files if f.number == number), None)


@dataclass(slots=True)
class CardMemory:
    """All that the chip keeps.

    Attributes:
        kind: Kind of card, see `kinds`.
        uid: Identifier, 4, 7 or 10 bytes.
        capacity: Memory for applications, bytes.
        used: Memory that is taken; deleting an application does not give it back, formatting does.
        card: The card itself: its key and settings.
        applications: The others.
    """

    kind: str
    uid: bytes
    capacity: int
    card: Application
    applications: list[Application] = field(default_factory=list)
    used: int = 0

    def application(self, aid: bytes) -> Application | None:
        """Return an application, or the card itself."""
        return next((a for a in [self.card, *self.applications] if a.aid == aid), None)


def factory_memory(kind: str, uid: bytes, capacity: int = 2048) -> CardMemory:
    """Return a chip as it leaves the factory: a DES key of zeros, everything allowed."""
    return CardMemory(kind, uid, capacity, Application(bytes(3), 0x0F, [Key(DES, bytes(8))]))


def _bytes_as_hex(value: Any) -> Any:
    return value.hex()


def save(memory: CardMemory, path: Path) -> None:
    """Replace the file in one step, so that a kill leaves the old or the new state."""
    beside = path.with_name(path.name + ".new")
    beside.write_text(json.dumps(asdict(memory), default=_bytes_as_hex, indent=1))
    os.replace(beside, path)  # noqa: PTH105 - the one atomic step


def _file(raw: dict[str, Any]) -> File:
    records = [bytes.fromhex(record) for record in raw["records"]]
    return File(**{**raw, "content": bytes.fromhex(raw["content"]), "records": records})


def _application(raw: dict[str, Any]) -> Application:
    return Application(
        aid=bytes.fromhex(raw["aid"]),
        settings=raw["settings"],
        keys=[Key(key["kind"], bytes.fromhex(key["value"]), key["version"]) for key in raw["keys"]],
        iso_fid=bytes.fromhex(raw["iso_fid"]),
        df_name=bytes.fromhex(raw["df_name"]),
        files=[_file(f) for f in raw["files"]],
    )


def load(path: Path) -> CardMemory:
    """Return the state that `save` wrote."""
    raw = json.loads(path.read_text())
    return CardMemory(
        kind=raw["kind"],
        uid=bytes.fromhex(raw["uid"]),
        capacity=raw["capacity"],
        card=_application(raw["card"]),
        applications=[_application(a) for a in raw["applications"]],
        used=raw["used"],
    )
