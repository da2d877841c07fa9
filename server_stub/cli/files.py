"""Reads and writes files that commands are given. Knows no form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from server_stub.domain.documents import plain_values
from server_stub.keys.durable import PRIVATE_FILE, write_durably

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_LARGEST = 1_048_576


def read_small(path: Path) -> bytes:
    """Returns the bytes of a file of up to 1 MiB.

    Raises:
        ValueError: it cannot be read, or is larger.
    """
    try:
        if path.stat().st_size > _LARGEST:
            raise ValueError(f"{path}: larger than 1 MiB")
        return path.read_bytes()
    except OSError as error:
        raise ValueError(f"{path}: {error.strerror}") from error


def read_toml(path: Path) -> dict[str, Any]:
    """Returns what a TOML file of up to 1 MiB says.

    Raises:
        ValueError: it cannot be read, is larger, is no text in UTF-8, no TOML, or nested too deeply; the file is named.
    """
    raw = read_small(path)
    try:
        found: dict[str, Any] = plain_values(raw, is_json=False)
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from error
    return found


def require_place(path: Path) -> None:
    """Lets pass where a file can be, before any work is done for it.

    Raises:
        ValueError: it is a folder, or its folder is not there.
    """
    if path.is_dir():
        raise ValueError(f"{path}: is a folder; name a file")
    if not path.parent.is_dir():
        raise ValueError(f"{path}: {path.parent} is no folder")


def write_private(path: Path, data: bytes) -> None:
    """Writes a file for the owner alone, whole or not at all.

    Raises:
        ValueError: it cannot be written.
    """
    try:
        write_durably(path, data, PRIVATE_FILE)
    except OSError as error:
        raise ValueError(f"{path}: {error.strerror}") from error


def write_lines(path: Path, lines: Iterable[str]) -> int:
    """Writes lines one by one, so that any number can be written, and returns how many they were.

    Raises:
        ValueError: it cannot be written.
    """
    try:
        with path.open("w", encoding="utf-8") as stream:
            return sum(1 for line in lines if stream.write(f"{line}\n"))
    except OSError as error:
        raise ValueError(f"{path}: {error.strerror}") from error
