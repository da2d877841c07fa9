"""Reads a catalogue of rewards from a document of plain values, as TOML and JSON give them; all that is wrong is named, by field.

Knows no store, no tier and no count that is in force: whoever loads the catalogue asks for those. The form is told in docs/rewards.md.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from server_stub.domain.language import Language
from server_stub.domain.program.parameters import RewardTerms
from server_stub.domain.program.values import BadField, between, day, identifier, text, truth

_MOST_PIECES = 1_000_000
# As long as fits a card of the catalogue, and the QR code of a receipt in three bytes a character.
LONGEST_NAME = 24
_LONGEST_DESCRIPTION = 200
_PICTURE = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")


class CatalogueFlaw(StrEnum):
    """What can be wrong with a field of a catalogue."""

    UNREADABLE = "UNREADABLE"
    UNKNOWN_FIELD = "UNKNOWN_FIELD"
    MISSING_FIELD = "MISSING_FIELD"
    BAD_FIELD = "BAD_FIELD"
    DUPLICATE_ID = "DUPLICATE_ID"
    ID_OF_RULES = "ID_OF_RULES"
    STORE_UNKNOWN = "STORE_UNKNOWN"
    TIER_UNKNOWN = "TIER_UNKNOWN"


@dataclass(frozen=True, slots=True)
class Flawed:
    """One thing that is wrong; field e.g. ``reward[2].name.en``, counted from 1."""

    field: str
    flaw: CatalogueFlaw


class BadCatalogue(Exception):
    """A document is no catalogue that can be loaded.

    Attributes:
        flaws: All of them, in the order of the file.
    """

    def __init__(self, flaws: tuple[Flawed, ...]) -> None:
        super().__init__("; ".join(f"{flawed.field}: {flawed.flaw.value}" for flawed in flaws))
        self.flaws = flaws


@dataclass(frozen=True, slots=True)
class CatalogueReward:
    """A reward as a file says it.

    Attributes:
        names: In every language, 1 to 24 characters.
        descriptions: In every language, up to 200 characters, or empty.
        picture: Key of the picture on the kiosks, or empty.
        stock: Pieces by store, for stores that have no count yet; None: pieces are not counted.
    """

    reward_id: str
    terms: RewardTerms
    names: Mapping[Language, str]
    descriptions: Mapping[Language, str]
    picture: str
    stock: Mapping[str, int] | None


Reader = Callable[[Any], Any]


def parse_catalogue(raw: bytes, *, is_json: bool) -> tuple[CatalogueReward, ...]:
    """Returns the rewards of a file, in its order.

    Raises:
        BadCatalogue: Everything that is wrong.
    """
    try:
        content = raw.decode("utf-8")
        document = json.loads(content) if is_json else tomllib.loads(content)
    except (ValueError, RecursionError) as error:
        raise BadCatalogue((Flawed("file", CatalogueFlaw.UNREADABLE),)) from error
    return read_catalogue(document)


def read_catalogue(document: Any) -> tuple[CatalogueReward, ...]:
    """Returns the rewards of a document; raises as ``parse_catalogue`` does."""
    reading = _Reading([])
    top = reading.fields(document, "", {"reward": _as_list}, {})
    rewards = [reading.reward(value, f"reward[{place}]") for place, value in enumerate(top.get("reward", ()), 1)]
    seen: set[str] = set()
    for place, reward in enumerate(rewards, 1):
        if reward is not None and reward.reward_id in seen:
            reading.note(f"reward[{place}].id", CatalogueFlaw.DUPLICATE_ID)
        seen |= {reward.reward_id} if reward is not None else set()
    if reading.flaws:
        raise BadCatalogue(tuple(reading.flaws))
    return tuple(reward for reward in rewards if reward is not None)


@dataclass(frozen=True, slots=True)
class _Reading:
    """Collects what is wrong."""

    flaws: list[Flawed]

    def note(self, field: str, flaw: CatalogueFlaw) -> None:
        self.flaws.append(Flawed(field or "file", flaw))

    def fields(self, value: Any, where: str, required: Mapping[str, Reader], optional: Mapping[str, Reader]) -> dict[str, Any]:
        """Returns what could be read of an object."""
        if not isinstance(value, dict):
            self.note(where, CatalogueFlaw.BAD_FIELD)
            return {}
        readers = {**required, **optional}
        prefix = f"{where}." if where else ""
        for name in required:
            if name not in value:
                self.note(prefix + name, CatalogueFlaw.MISSING_FIELD)
        found = {}
        for name, part in value.items():
            if name not in readers:
                self.note(prefix + name, CatalogueFlaw.UNKNOWN_FIELD)
                continue
            try:
                found[name] = readers[name](part)
            except BadField:
                self.note(prefix + name, CatalogueFlaw.BAD_FIELD)
        return found

    def reward(self, value: Any, where: str) -> CatalogueReward | None:
        """Returns one reward, or None where it cannot be."""
        before = len(self.flaws)
        found = self.fields(value, where, _REQUIRED, _OPTIONAL)
        names = self.texts(found.get("name"), f"{where}.name", LONGEST_NAME)
        descriptions = self.texts(found.get("description"), f"{where}.description", _LONGEST_DESCRIPTION)
        stock = self.stock(found.get("stock"), f"{where}.stock", found.get("stores"))
        if "from" in found and "until" in found and found["from"] > found["until"]:
            self.note(f"{where}.until", CatalogueFlaw.BAD_FIELD)
        if len(self.flaws) > before:
            return None
        terms = RewardTerms(
            points=found["points"],
            min_tier=found.get("min_tier"),
            per_member=found.get("per_member"),
            stores=found.get("stores"),
            from_day=found.get("from"),
            until_day=found.get("until"),
            adult_only=found.get("adult_only", False),
        )
        return CatalogueReward(found["id"], terms, names, descriptions, found.get("picture", ""), stock)

    def texts(self, value: Any, where: str, longest: int) -> dict[Language, str]:
        """Returns a text in every language."""
        if value is None:
            return {}
        read = {language.value: _text_up_to(longest) for language in Language}
        return {Language(name): part for name, part in self.fields(value, where, read, {}).items()}

    def stock(self, value: Any, where: str, stores: tuple[str, ...] | None) -> dict[str, int] | None:
        """Returns counts by store."""
        if value is None:
            return None
        count = between(0, _MOST_PIECES)
        named = {str(store): count for store in value} if isinstance(value, dict) else {}
        found = self.fields(value, where, {}, named)
        for store in found:
            if stores is not None and store not in stores:
                self.note(f"{where}.{store}", CatalogueFlaw.BAD_FIELD)
        return found


def _as_list(value: Any) -> list[Any]:
    if not isinstance(value, list) or not value:
        raise BadField
    return value


def _as_found(value: Any) -> Any:
    """Looked into later, where its fields are named."""
    return {} if value is None else value


def _day(value: Any) -> date:
    """A day of TOML, or of JSON as YYYY-MM-DD."""
    if isinstance(value, datetime):
        raise BadField
    return day(value.isoformat() if isinstance(value, date) else value)


def _stores(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not value or len(set(map(str, value))) != len(value):
        raise BadField
    return tuple(identifier(store) for store in value)


def _picture(value: Any) -> str:
    if not isinstance(value, str) or not _PICTURE.fullmatch(value):
        raise BadField
    return value


def _text_up_to(longest: int) -> Reader:
    def read(value: Any) -> str:
        found = text(value)
        if len(found) > longest or not found.isprintable() or found != found.strip():
            raise BadField
        return found

    return read


_REQUIRED: dict[str, Reader] = {"id": identifier, "points": between(1), "name": _as_found}
_OPTIONAL: dict[str, Reader] = {
    "description": _as_found,
    "picture": _picture,
    "stores": _stores,
    "from": _day,
    "until": _day,
    "min_tier": text,
    "per_member": between(1),
    "adult_only": truth,
    "stock": _as_found,
}
