"""Writes receipts: one chain of numbers for each device, each signed. Knows no key and no text form; the signer does."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from server_stub.services.requests import Answer
from server_stub.storage.database import Tx
from server_stub.storage.grants import ReceiptRow, add_receipt, last_receipt, receipt_by_number

_LINK_BYTES = 8
ANSWERED = "receipt"


class ReceiptKind(StrEnum):
    """What a receipt proves."""

    APPLICATION = "APPLICATION"
    MEMBERSHIP = "MEMBERSHIP"
    RETURNED = "RETURNED"
    REDEMPTION = "REDEMPTION"
    CAMPAIGN = "CAMPAIGN"
    UNDONE = "UNDONE"
    LOST = "LOST"
    FOUND = "FOUND"
    CONSENT_WITHDRAWN = "CONSENT_WITHDRAWN"


@dataclass(frozen=True, slots=True)
class BoughtFacts:
    """What was bought with points, or given back for them.

    Attributes:
        pickup_code: In groups of three; empty where nothing is picked up.
        pickup_until: First moment at which it can be picked up no more; None where nothing is.
    """

    reward_id: str
    reward_name: str
    qty: int
    points_spent: int
    pickup_code: str = field(repr=False)
    pickup_until: datetime | None


@dataclass(frozen=True, slots=True)
class TakenPartFacts:
    """What a campaign gave; points and coupon_fen are 0 where that is not what it gave."""

    campaign_id: str
    title: str
    points: int
    coupon_fen: int


@dataclass(frozen=True, slots=True)
class ReceiptFacts:
    """What goes into a receipt; no personal data beyond masked values."""

    kind: ReceiptKind
    device_id: str
    application_number: str
    membership_number_masked: str = ""
    notice_version: str = ""
    consents: tuple[str, ...] = ()
    points: int = 0
    bought: BoughtFacts | None = None
    taken_part: TakenPartFacts | None = None


@dataclass(frozen=True, slots=True)
class SignedReceipt:
    """A receipt as the signer made it.

    Attributes:
        number: As people read it, e.g. ``K03-0187``.
        code: ``HR1:`` and Base45.
        body_sha256: Of the serialised body, 32 bytes.
    """

    number: str
    code: str
    body_sha256: bytes


class ReceiptSigner(Protocol):
    """Serialises and signs a receipt; the paper package implements it."""

    def sign(self, facts: ReceiptFacts, sequence: int, previous: bytes, issued_at: datetime) -> SignedReceipt:
        """Returns the signed receipt.

        Args:
            facts: Content.
            sequence: Number in the device's chain, from 1.
            previous: First 8 bytes of the digest of the body before it; empty for the first.
            issued_at: Moment, UTC.
        """
        ...


@dataclass(frozen=True, slots=True)
class Receipt:
    """A receipt for the member."""

    number: str
    code: str


class Receipts:
    """The desk that writes receipts."""

    def __init__(self, signer: ReceiptSigner) -> None:
        self._signer = signer

    def issue(self, tx: Tx, facts: ReceiptFacts, application_id: str) -> Receipt:
        """Returns the next receipt of the device's chain, stored in the same transaction."""
        before = last_receipt(tx, facts.device_id)
        sequence = before.sequence + 1 if before else 1
        previous = before.body_sha256[:_LINK_BYTES] if before else b""
        signed = self._signer.sign(facts, sequence, previous, tx.now)
        row = ReceiptRow(
            device_id=facts.device_id,
            sequence=sequence,
            number=signed.number,
            kind=facts.kind,
            application_id=application_id,
            body_sha256=signed.body_sha256,
            code=signed.code,
            issued_at=tx.now,
        )
        add_receipt(tx, row)
        return Receipt(signed.number, signed.code)

    def again(self, tx: Tx, number: str) -> Receipt:
        """Returns a receipt that was issued before."""
        row = receipt_by_number(tx, number)
        return Receipt(row.number, row.code) if row else Receipt("", "")

    def named_in(self, tx: Tx, answer: Answer) -> Receipt | None:
        """Returns the receipt that an answer of the request log names under ANSWERED; None for one of before there was such a receipt."""
        number = str(answer.get(ANSWERED, ""))
        return self.again(tx, number) if number else None
