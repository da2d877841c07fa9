"""The key folder: which keys exist, of which kind, in which generation, and their bytes.

Responsible for creating, listing, rotating and reading keys with strict permissions and for refusing development keys in
production. Must not know what a key is used for, nor any certificate.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from server_stub.config import Profile
from server_stub.keys.durable import make_private_folder, read_private, require_private, write_durably

if TYPE_CHECKING:
    from pathlib import Path

INDEX_NAME = "index.json"
CARD_KEY_BYTES = 16
CARD_KEYS_PER_GENERATION = 6
MOST_CARD_GENERATIONS = 255
_FORMAT = 1


class KeysRefused(Exception):
    """The key folder is missing, damaged, of the wrong profile, or does not allow what was asked."""


class KeyKind(StrEnum):
    """Kinds of keys. The value is the first part of the file's name."""

    TOKEN = "token"  # noqa: S105 - the name of a kind, not a key
    WRAPPING = "wrapping"
    RECEIPT = "receipt"
    CARD_SIGNATURE = "card-signature"
    CARD_MASTER = "card-master"
    AUDIT = "audit"
    MEMBER_CODE = "member-code"
    DATABASE = "database"

    @property
    def size(self) -> int:
        """Bytes of one generation."""
        return CARD_KEY_BYTES * CARD_KEYS_PER_GENERATION if self is KeyKind.CARD_MASTER else 32

    @property
    def may_rotate(self) -> bool:
        """False where values made with the key must be found again for ever, or where a database would have to be re-keyed."""
        return self not in {KeyKind.TOKEN, KeyKind.DATABASE}


class KeyState(StrEnum):
    """What a generation is for."""

    ACTIVE = "active"
    RETIRED = "retired"


_ONE_BYTE = frozenset({KeyKind.CARD_MASTER, KeyKind.MEMBER_CODE})


@dataclass(frozen=True, slots=True)
class KeyEntry:
    """One generation of one kind.

    Attributes:
        kind: Kind.
        number: Generation and key id, from 1.
        state: ACTIVE makes new values; RETIRED only reads and verifies old ones.
        created_at: UTC, ISO 8601.
        check: First 16 hex digits of the SHA-256 of the key's bytes; finds a torn or exchanged file.
    """

    kind: KeyKind
    number: int
    state: KeyState
    created_at: str
    check: str

    @property
    def file_name(self) -> str:
        """Name of the file with the bytes."""
        return f"{self.kind.value}-{self.number}.key"


class KeyFolder:
    """An open key folder.

    Thread:
        any; reading only, after `open`.
    """

    def __init__(self, path: Path, profile: Profile, entries: tuple[KeyEntry, ...]) -> None:
        self._path = path
        self._profile = profile
        self._entries = entries

    @classmethod
    def create(cls, path: Path, profile: Profile) -> KeyFolder:
        """Makes a folder with one generation of every kind.

        Raises:
            KeysRefused: a key folder is there already; it is never overwritten.
        """
        if (path / INDEX_NAME).exists():
            raise KeysRefused(f"{path}: holds keys already")
        make_private_folder(path)
        entries = tuple(_make(path, kind, 1) for kind in KeyKind)
        folder = cls(path, profile, entries)
        folder._write_index()
        return folder

    @classmethod
    def open(cls, path: Path, profile: Profile) -> KeyFolder:
        """Opens the folder.

        Raises:
            KeysRefused: no key folder, a damaged index, or development keys in the production profile.
            UnsafePermissions: somebody else can read the folder.
        """
        try:
            require_private(path.stat(), path)
            tree = json.loads(read_private(path / INDEX_NAME))
        except FileNotFoundError as error:
            raise KeysRefused(f"{path}: no keys; make them with 'keys init'") from error
        except ValueError as error:
            raise KeysRefused(f"{path / INDEX_NAME}: not readable") from error
        made_for, entries = _parse(path, tree)
        if made_for is not profile:
            raise KeysRefused(f"{path}: keys of the {made_for.value} profile, the service runs in {profile.value}")
        return cls(path, profile, entries)

    @property
    def path(self) -> Path:
        """Where the folder is."""
        return self._path

    @property
    def profile(self) -> Profile:
        """Profile for which the keys were made."""
        return self._profile

    def entries(self, kind: KeyKind | None = None) -> tuple[KeyEntry, ...]:
        """Returns the generations, of one kind or of all, oldest first."""
        return tuple(entry for entry in self._entries if kind in {None, entry.kind})

    def active(self, kind: KeyKind) -> KeyEntry:
        """Returns the generation that makes new values.

        Raises:
            KeysRefused: the index names none.
        """
        for entry in reversed(self.entries(kind)):
            if entry.state is KeyState.ACTIVE:
                return entry
        raise KeysRefused(f"{self._path}: no active key of kind {kind.value}")

    def read(self, entry: KeyEntry) -> bytes:
        """Returns the bytes of one generation.

        Raises:
            KeysRefused: the file is missing or is not the one that the index names.
            UnsafePermissions: somebody else can read the file.
        """
        path = self._path / entry.file_name
        try:
            data = read_private(path)
        except FileNotFoundError as error:
            raise KeysRefused(f"{path}: missing") from error
        if len(data) != entry.kind.size or _check(data) != entry.check:
            raise KeysRefused(f"{path}: not the key that the index names")
        return data

    def rotated(self, kind: KeyKind) -> KeyFolder:
        """Returns the folder with a new active generation of the kind; the one before is retired but kept.

        Raises:
            KeysRefused: the kind does not rotate.
        """
        if not kind.may_rotate:
            raise KeysRefused(f"keys of kind {kind.value} do not rotate: what was made with them must be found again")
        if kind in _ONE_BYTE and len(self.entries(kind)) == MOST_CARD_GENERATIONS:
            raise KeysRefused("the key's number has one byte on cards and in codes; no further generation fits")
        number = max((entry.number for entry in self.entries(kind)), default=0) + 1
        retired = tuple(_retired(entry) if entry.kind is kind else entry for entry in self._entries)
        folder = KeyFolder(self._path, self._profile, (*retired, _make(self._path, kind, number)))
        folder._write_index()
        return folder

    def _write_index(self) -> None:
        """Commits: a key file that the index does not name has never been used."""
        rows = [
            {"kind": e.kind.value, "number": e.number, "state": e.state.value, "created_at": e.created_at, "check": e.check}
            for e in self._entries
        ]
        tree = {"format": _FORMAT, "profile": self._profile.value, "keys": rows}
        write_durably(self._path / INDEX_NAME, json.dumps(tree, indent=1).encode())


def _make(path: Path, kind: KeyKind, number: int) -> KeyEntry:
    data = secrets.token_bytes(kind.size)
    entry = KeyEntry(kind, number, KeyState.ACTIVE, datetime.now(UTC).isoformat(timespec="seconds"), _check(data))
    write_durably(path / entry.file_name, data)
    return entry


def _retired(entry: KeyEntry) -> KeyEntry:
    return KeyEntry(entry.kind, entry.number, KeyState.RETIRED, entry.created_at, entry.check)


def _check(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:16]


def _parse(path: Path, tree: Any) -> tuple[Profile, tuple[KeyEntry, ...]]:
    try:
        if tree["format"] != _FORMAT:
            raise KeysRefused(f"{path}: index of an unknown format")
        entries = tuple(
            KeyEntry(KeyKind(row["kind"]), int(row["number"]), KeyState(row["state"]), str(row["created_at"]), str(row["check"]))
            for row in tree["keys"]
        )
        return Profile(tree["profile"]), entries
    except (KeyError, TypeError, ValueError) as error:
        raise KeysRefused(f"{path / INDEX_NAME}: damaged") from error
