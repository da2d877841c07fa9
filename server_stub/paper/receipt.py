"""The receipt's body and text: serialised, signed by the centre, in the contract's form HR1. Knows no chain and no database.

The chain of a device, its numbers and links, is kept by `services.receipts`; this module writes what it is told.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from proto.member.receipts import encode, receipt_number
from proto.member.v1.receipt_pb2 import Bought, ReceiptBody, ReceiptKind, TakenPart

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

S = TypeVar("S")


class Facts(Protocol):
    """What a receipt states; the values of `services.receipts.ReceiptFacts`."""

    @property
    def kind(self) -> str:
        """Name of the kind in the contract, without its prefix."""
        ...

    @property
    def device_id(self) -> str:
        """Device."""
        ...

    @property
    def application_number(self) -> str:
        """Number of the application."""
        ...

    @property
    def membership_number_masked(self) -> str:
        """Masked number, or empty."""
        ...

    @property
    def notice_version(self) -> str:
        """Notice that was agreed to."""
        ...

    @property
    def consents(self) -> Sequence[str]:
        """Purposes that were agreed to."""
        ...

    @property
    def points(self) -> int:
        """Points at that moment."""
        ...

    @property
    def bought(self) -> Purchase | None:
        """What was bought with points, or None."""
        ...

    @property
    def taken_part(self) -> Part | None:
        """What was taken part in, or None."""
        ...


class Purchase(Protocol):
    """What was bought with points; the values of `services.receipts.BoughtFacts`."""

    @property
    def reward_id(self) -> str:
        """Reward, or empty."""
        ...

    @property
    def reward_name(self) -> str:
        """Its name, or empty."""
        ...

    @property
    def qty(self) -> int:
        """Pieces."""
        ...

    @property
    def points_spent(self) -> int:
        """Points that it cost."""
        ...

    @property
    def pickup_code(self) -> str:
        """Code with which it is picked up, or empty."""
        ...

    @property
    def pickup_until(self) -> datetime | None:
        """First moment at which it can be picked up no more."""
        ...


class Part(Protocol):
    """What a campaign gave; the values of `services.receipts.TakenPartFacts`."""

    @property
    def campaign_id(self) -> str:
        """Campaign."""
        ...

    @property
    def title(self) -> str:
        """Its title in the member's language."""
        ...

    @property
    def points(self) -> int:
        """Points, or 0."""
        ...

    @property
    def coupon_fen(self) -> int:
        """Value of the coupon, or 0."""
        ...


class ReceiptKey(Protocol):
    """The centre's signing key for receipts."""

    @property
    def key_id(self) -> int:
        """Number of the key."""
        ...

    def sign(self, message: bytes) -> bytes:
        """Returns the Ed25519 signature, 64 bytes."""
        ...


class PaperSigner(Generic[S]):
    """Signs receipts.

    Thread:
        any.
    """

    def __init__(self, key: ReceiptKey, make: Callable[[str, str, bytes], S]) -> None:
        """Keeps the key.

        Args:
            key: Signs.
            make: Makes the caller's own value of a receipt's number, its text `HR1:…`, and the SHA-256 (32 bytes) of its body.
        """
        self._key = key
        self._make = make

    def sign(self, facts: Facts, sequence: int, previous: bytes, issued_at: datetime) -> S:
        """Returns the signed receipt.

        Args:
            facts: Content.
            sequence: Number in the device's chain, from 1.
            previous: First 8 bytes of the digest of the body before it; empty for the first.
            issued_at: Moment, UTC.

        Raises:
            ReceiptInvalid: the facts are incomplete or too long for the QR code of a slip.
        """
        body = ReceiptBody(
            kind=ReceiptKind.Value(f"RECEIPT_KIND_{facts.kind}"),
            device_id=facts.device_id,
            sequence=sequence,
            previous=previous,
            application_number=facts.application_number,
            membership_number_masked=facts.membership_number_masked,
            notice_version=facts.notice_version,
            consents=facts.consents,
            points=facts.points,
        )
        body.issued_at.FromDatetime(issued_at)
        if facts.bought is not None:
            body.bought.CopyFrom(_bought(facts.bought))
        if facts.taken_part is not None:
            part = facts.taken_part
            body.taken_part.CopyFrom(
                TakenPart(campaign_id=part.campaign_id, title=part.title, points=part.points, coupon_fen=part.coupon_fen)
            )
        code = encode(body, self._key.key_id, self._key.sign)
        return self._make(receipt_number(body), code, hashlib.sha256(body.SerializeToString(deterministic=True)).digest())


def _bought(purchase: Purchase) -> Bought:
    made = Bought(
        reward_id=purchase.reward_id,
        reward_name=purchase.reward_name,
        qty=purchase.qty,
        points_spent=purchase.points_spent,
        pickup_code=purchase.pickup_code,
    )
    if purchase.pickup_until is not None:
        made.pickup_until.FromDatetime(purchase.pickup_until)
    return made
