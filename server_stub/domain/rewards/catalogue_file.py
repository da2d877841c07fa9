"""Reads a catalogue of rewards from a document of plain values, as TOML and JSON give them; all that is wrong is named, by field.

Knows no store, no tier and no count that is in force: whoever loads the catalogue asks for those. The form is told in docs/rewards.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from server_stub.domain.documents import Flawed, Reader, Reading, a_day, as_found, as_list, picture, plain_values, store_ids
from server_stub.domain.language import Language
from server_stub.domain.program.parameters import RewardTerms
from server_stub.domain.program.values import between, identifier, text, truth

_MOST_PIECES = 1_000_000
# As long as fits a card of the catalogue, and the QR code of a receipt in three bytes a character.
LONGEST_NAME = 24
_LONGEST_DESCRIPTION = 200


class CatalogueFlaw(StrEnum):
    """What can be wrong with a field of a catalogue."""

    UNREADABLE = "UNREADABLE"
    UNKNOWN_FIELD = "UNKNOWN_FIELD"
    MISSING_FIELD = "MISSING_FIELD"
    BAD_FIELD = "BAD_FIELD"
    CANNOT_BE_DRAWN = "CANNOT_BE_DRAWN"
    DUPLICATE_ID = "DUPLICATE_ID"
    ID_OF_RULES = "ID_OF_RULES"
    STORE_UNKNOWN = "STORE_UNKNOWN"
    TIER_UNKNOWN = "TIER_UNKNOWN"


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


def parse_catalogue(raw: bytes, *, is_json: bool) -> tuple[CatalogueReward, ...]:
    """Returns the rewards of a file, in its order.

    Raises:
        BadCatalogue: Everything that is wrong.
    """
    try:
        document = plain_values(raw, is_json=is_json)
    except ValueError as error:
        raise BadCatalogue((Flawed("file", CatalogueFlaw.UNREADABLE),)) from error
    return read_catalogue(document)


def read_catalogue(document: Any) -> tuple[CatalogueReward, ...]:
    """Returns the rewards of a document; raises as ``parse_catalogue`` does."""
    reading = _Rewards()
    top = reading.fields(document, "", {"reward": as_list}, {})
    rewards = [reading.reward(value, f"reward[{place}]") for place, value in enumerate(top.get("reward", ()), 1)]
    seen: set[str] = set()
    for place, reward in enumerate(rewards, 1):
        if reward is not None and reward.reward_id in seen:
            reading.note(f"reward[{place}].id", CatalogueFlaw.DUPLICATE_ID)
        seen |= {reward.reward_id} if reward is not None else set()
    if reading.flaws:
        raise BadCatalogue(tuple(reading.flaws))
    return tuple(reward for reward in rewards if reward is not None)


class _Rewards(Reading):
    """Reads rewards."""

    __slots__ = ()

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


_REQUIRED: dict[str, Reader] = {"id": identifier, "points": between(1), "name": as_found}
_OPTIONAL: dict[str, Reader] = {
    "description": as_found,
    "picture": picture,
    "stores": store_ids,
    "from": a_day,
    "until": a_day,
    "min_tier": text,
    "per_member": between(1),
    "adult_only": truth,
    "stock": as_found,
}
