"""What is written on a card: identity and first snapshot, signed. Knows no command."""

from __future__ import annotations

import os
import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from hardware.card.layout.files import Identity, Signer, Snapshot
from server_stub.domain.clock import business_day
from server_stub.services.activation import MembershipFacts
from server_stub.services.cards.personalisation import CardKeys
from server_stub.storage.database import Tx

CARD_YEARS = 5
TOKEN_BYTES = 16
TIER_NUMBERS = {"basic": 1, "silver": 2, "gold": 3, "platinum": 4}
# A programme may name its tiers otherwise; the card then says that there is one, and the centre which.
OTHER_TIER = 0
FIRST_SEQUENCE = 1
_MOST_POINTS = 0xFFFF_FFFF


class Keystore(CardKeys, Protocol):
    """Keys of single cards."""

    @property
    def generations(self) -> Collection[int]:
        """Return the generations whose keys are here."""
        ...

    @property
    def current_generation(self) -> int:
        """Return the generation with which new cards are keyed, 1 to 255."""
        ...


class CardSigning(Signer, Protocol):
    """The signer of card files and the public keys of all its generations."""

    @property
    def public_keys(self) -> Mapping[bytes, Ed25519PublicKey]:
        """Return public keys by key id."""
        ...


@dataclass(frozen=True, slots=True)
class Content:
    """The two files and what the centre keeps of them."""

    identity: bytes
    snapshot: bytes
    card_token: bytes
    generation: int
    issue_number: int
    expires_on: date


def first_content(
    tx: Tx,
    facts: MembershipFacts,
    uid: bytes,
    issue_number: int,
    keys: tuple[Keystore, CardSigning],
) -> Content:
    """Return what a member's new card is to hold; the snapshot says what the member has once the card is active."""
    keystore, signer = keys
    today = business_day(tx.now)
    expires_on = date(today.year + CARD_YEARS, today.month, 28 if (today.month, today.day) == (2, 29) else today.day)
    token, generation = os.urandom(TOKEN_BYTES), keystore.current_generation
    identity = Identity(uid, facts.member.number, token, issue_number, expires_on, generation)
    snapshot = snapshot_of(tx, facts, uid, FIRST_SEQUENCE)
    return Content(identity.signed(signer), snapshot.signed(signer), token, generation, issue_number, expires_on)


def snapshot_of(tx: Tx, facts: MembershipFacts, uid: bytes, sequence: int) -> Snapshot:
    """Return what a card says of its member from now on; `sequence` counts what was ever written on this card."""
    return Snapshot(uid, sequence, card_tier(facts.tier), card_points(facts.points), int(tx.now.timestamp()), uuid.uuid4().bytes)


def card_tier(tier: str) -> int:
    """Return the number by which a card says a tier."""
    return TIER_NUMBERS.get(tier, OTHER_TIER)


def card_points(points: int) -> int:
    """Return the points that a card says; it has room for so many and no more."""
    return min(points, _MOST_POINTS)


def says_the_same(one: Snapshot, other: Snapshot) -> bool:
    """Return whether two snapshots tell a member the same; when and how often they were written does not matter."""
    return (one.tier, one.points) == (other.tier, other.points)
