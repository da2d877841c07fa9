"""Files that are either whole or absent, readable by nobody else. Knows no keys and no formats."""

from __future__ import annotations

import os
import stat
from pathlib import Path

PRIVATE_FILE = 0o600
PUBLIC_FILE = 0o644
PRIVATE_FOLDER = 0o700


class UnsafePermissions(Exception):
    """A secret's file or folder can be read or replaced by somebody else."""


def make_private_folder(path: Path) -> None:
    """Makes the folder and its parents; the folder itself is for the owner alone."""
    path.mkdir(parents=True, exist_ok=True)
    path.chmod(PRIVATE_FOLDER)


def write_durably(path: Path, data: bytes, mode: int = PRIVATE_FILE) -> None:
    """Replaces the file in one step that survives a power cut: temporary file, fsync, rename, fsync of the folder.

    Source: an unsynced file came back torn after a power cut; the order is that of rename(2) and fsync(2).
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, mode)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.chmod(mode)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def sync_folder(path: Path) -> None:
    """Makes names in the folder durable."""
    handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def read_private(path: Path) -> bytes:
    """Returns the content of a secret's file.

    Raises:
        UnsafePermissions: the file is a link, belongs to another user, or group or others may read or write it.
        OSError: the file cannot be read.
    """
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
    with os.fdopen(handle, "rb") as stream:
        require_private(os.fstat(stream.fileno()), path)
        return stream.read()


def require_private(status: os.stat_result, path: Path) -> None:
    """Lets pass only what belongs to this user and is closed to everybody else.

    Raises:
        UnsafePermissions: otherwise; says which path and what to do.
    """
    if status.st_uid != os.geteuid():
        raise UnsafePermissions(f"{path}: belongs to another user")
    if stat.S_IMODE(status.st_mode) & 0o077:
        raise UnsafePermissions(f"{path}: open to others; chmod go-rwx")
