"""The chain's head outside the database: one signed line for each sealed batch. Knows no table.

Without it, a tail that is cut off leaves a shorter chain that is right in itself. The file belongs on another disk or host; its lines
can be checked with the public key alone.
"""

from __future__ import annotations

import fcntl
import json
import os
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_CONTEXT = b"member audit head 1\x00"
# A line has some 350 bytes.
_TAIL_BYTES = 4096


class HeadKey(Protocol):
    """Signs heads and checks them."""

    @property
    def key_id(self) -> int:
        """Number of the signing key."""
        ...

    def sign(self, message: bytes) -> bytes:
        """Returns the Ed25519 signature, 64 bytes."""
        ...

    def verifies(self, message: bytes, key_id: int, signature: bytes) -> bool:
        """Returns whether that key signed the message."""
        ...


class HeadDamaged(Exception):
    """A line of the head file is not what the service wrote; the text names the line."""


@dataclass(frozen=True, slots=True)
class Head:
    """The chain as it stood once: position, its link (32 bytes), and when (UTC)."""

    position: int
    link: bytes
    at: datetime


class HeadFile:
    """Appends and reads heads.

    Thread:
        any, one writer, or several that write under `alone`.
    """

    def __init__(self, path: Path, key: HeadKey) -> None:
        self._path = path
        self._key = key

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Keeps other processes of this machine from writing heads meanwhile, so that positions never fall."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(self._path.with_name(self._path.name + ".lock"), os.O_RDWR | os.O_CREAT, 0o600)
        try:
            # Goes with the handle, and so with a process that is killed.
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)

    def append(self, head: Head) -> None:
        """Writes a line and waits until it is on the disk."""
        body = _body(head)
        line = body | {"key_id": self._key.key_id, "signature": self._key.sign(_CONTEXT + _text(body)).hex()}
        self._path.parent.mkdir(parents=True, exist_ok=True)
        # Unbuffered and in one write, so that a crash tears at most the last line.
        handle = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            os.write(handle, self._after_a_torn_line(handle) + _text(line) + b"\n")
            os.fsync(handle)
        finally:
            os.close(handle)

    def heads(self) -> Iterator[Head]:
        """Yields the heads in the order of the file; a last line without its end was torn by a crash and is not counted.

        Raises:
            HeadDamaged: a line is no head, its signature is wrong, or positions fall.
        """
        if not self._path.exists():
            return
        newest = 0
        with self._path.open("rb") as stream:
            for number, line in enumerate(stream, 1):
                if not line.strip() or not line.endswith(b"\n"):
                    continue
                head = self._parsed(number, line)
                if head.position < newest:
                    raise HeadDamaged(f"{self._path} line {number}: position falls from {newest} to {head.position}")
                newest = head.position
                yield head

    def last(self) -> Head | None:
        """Returns the newest head; reads the end of the file only, so it costs the same however long the file is.

        Raises:
            HeadDamaged: the last whole line is no head, or its signature is wrong.
        """
        if not self._path.exists():
            return None
        with self._path.open("rb") as stream:
            size = stream.seek(0, os.SEEK_END)
            stream.seek(max(0, size - _TAIL_BYTES))
            *whole, _torn = stream.read().split(b"\n")
        return self._parsed("last", whole[-1]) if whole and whole[-1].strip() else None

    def _parsed(self, number: int | str, line: bytes) -> Head:
        where = f"{self._path} line {number}"
        try:
            tree = json.loads(line)
            body = {name: tree[name] for name in ("position", "link", "at")}
            signed = self._key.verifies(_CONTEXT + _text(body), int(tree["key_id"]), bytes.fromhex(tree["signature"]))
            head = Head(int(body["position"]), bytes.fromhex(body["link"]), datetime.fromisoformat(body["at"]))
        except (ValueError, KeyError, TypeError) as error:
            raise HeadDamaged(f"{where}: not a head") from error
        if not signed:
            raise HeadDamaged(f"{where}: signature wrong")
        return head

    @staticmethod
    def _after_a_torn_line(handle: int) -> bytes:
        """Returns what ends a line that a crash has torn: a line feed would make it a damaged line, so it is cut off instead."""
        size = os.lseek(handle, 0, os.SEEK_END)
        if size == 0 or os.pread(handle, 1, size - 1) == b"\n":
            return b""
        content = os.pread(handle, size, 0)
        os.ftruncate(handle, content.rfind(b"\n") + 1)
        return b""


def _body(head: Head) -> dict[str, object]:
    return {"position": head.position, "link": head.link.hex(), "at": head.at.astimezone(UTC).isoformat(timespec="microseconds")}


def _text(tree: dict[str, object]) -> bytes:
    return json.dumps(tree, sort_keys=True, separators=(",", ":")).encode()
