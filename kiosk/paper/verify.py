"""Checks a receipt as anybody can who has the public keys: for `kiosk receipt verify TEXT|PICTURE|PDF`. Prints nothing.

A picture or document is read by what the caller passes in, so that this module knows no decoder.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from proto.member.receipts import PREFIX, ReceiptMalformed, receipt_number, verify
from proto.member.receipts import ReceiptInvalid as ReceiptInvalid  # noqa: PLC0414 - for the command line
from proto.member.v1.receipt_pb2 import Bought, ReceiptBody, ReceiptKind, TakenPart

_KEY_BYTES: Final = 32
_KIND_PREFIX: Final = "RECEIPT_KIND_"


class KeyFileUnusable(Exception):
    """The file of public keys is missing or is not what it should be."""


class NoReceiptInPicture(ReceiptMalformed):
    """The picture or document holds no receipt, or more than one."""


@dataclass(frozen=True, slots=True)
class BoughtOnReceipt:
    """What was bought with points.

    Attributes:
        reward_name: In the member's language; empty where points were spent on no reward.
        points_spent: Points that it cost.
        pickup_code: Code with which it is picked up; empty where nothing is.
        pickup_until: First moment at which it can be picked up no more, ISO 8601 in UTC; empty where nothing is.
    """

    reward_id: str
    reward_name: str
    qty: int
    points_spent: int
    pickup_code: str
    pickup_until: str


@dataclass(frozen=True, slots=True)
class TakenPartOnReceipt:
    """What taking part in a campaign gave; points and coupon_fen are 0 where that was not given.

    Attributes:
        title: In the member's language.
    """

    campaign_id: str
    title: str
    points: int
    coupon_fen: int


@dataclass(frozen=True, slots=True)
class VerifiedReceipt:
    """What a receipt proves. Field names are those of the command's JSON.

    Attributes:
        number: Number, e.g. K03-0187.
        kind: "application", "membership", "returned", "redemption", "campaign", "undone", "lost", "found" or "consent_withdrawn".
        device_id: Device that it was made for.
        sequence: Its number in that device's chain, from 1.
        previous: First 8 bytes of the SHA-256 of the body before it, hex; empty for the first.
        issued_at: Moment, ISO 8601 in UTC.
        application_number: Number of the application.
        membership_number_masked: Masked membership number or empty.
        notice_version: Version of the notice that was agreed to.
        consents: Purposes that were agreed to.
        points: Points at that moment.
        bought: What was bought with points, or given back for them; None for other kinds.
        taken_part: What was taken part in; None for other kinds.
    """

    number: str
    kind: str
    device_id: str
    sequence: int
    previous: str
    issued_at: str
    application_number: str
    membership_number_masked: str
    notice_version: str
    consents: tuple[str, ...]
    points: int
    bought: BoughtOnReceipt | None = None
    taken_part: TakenPartOnReceipt | None = None

    def as_json(self) -> str:
        """Return all of it as one JSON object."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=2)


def load_public_keys(path: Path) -> dict[int, bytes]:
    """Return raw Ed25519 public keys by key id.

    Args:
        path: JSON object of key id (decimal) to 64 hex digits, as the service writes it.

    Raises:
        KeyFileUnusable: Missing, no such object, or a key of another length.
    """
    try:
        entries = json.loads(path.read_text(encoding="utf-8"))
        keys = {int(key_id): bytes.fromhex(public_key) for key_id, public_key in entries.items()}
    except OSError as error:
        raise KeyFileUnusable(f"{path}: {error.strerror}") from error
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        raise KeyFileUnusable(f"{path}: no JSON object of key ids and keys in hex") from error
    if not keys or any(len(public_key) != _KEY_BYTES for public_key in keys.values()):
        raise KeyFileUnusable(f"{path}: no keys, or one that is not {_KEY_BYTES} bytes")
    return keys


def verify_argument(argument: str, public_keys: Mapping[int, bytes], texts_in_picture: Callable[[Path], Iterable[str]]) -> VerifiedReceipt:
    """Return what the receipt proves that `argument` is or shows.

    Args:
        argument: The text of a receipt, or the path of a picture or PDF with its QR code; its name says nothing about its kind.
        public_keys: Raw Ed25519 public keys by key id.
        texts_in_picture: Returns the texts of the QR codes in a picture file or PDF.

    Raises:
        ReceiptInvalid: A subclass that says in which way.
    """
    path = Path(argument)
    is_text = argument.startswith(PREFIX) or not (path.suffix or _is_there(path))
    return describe(verify(argument if is_text else _only_receipt(texts_in_picture(path)), public_keys))


def describe(body: ReceiptBody) -> VerifiedReceipt:
    """Return what `body`, which has been verified, states."""
    return VerifiedReceipt(
        number=receipt_number(body),
        kind=_kind(body),
        device_id=body.device_id,
        sequence=body.sequence,
        previous=body.previous.hex(),
        issued_at=datetime.fromtimestamp(body.issued_at.seconds, UTC).isoformat(),
        application_number=body.application_number,
        membership_number_masked=body.membership_number_masked,
        notice_version=body.notice_version,
        consents=tuple(body.consents),
        points=body.points,
        bought=_bought(body.bought) if body.HasField("bought") else None,
        taken_part=_taken_part(body.taken_part) if body.HasField("taken_part") else None,
    )


def _bought(bought: Bought) -> BoughtOnReceipt:
    until = datetime.fromtimestamp(bought.pickup_until.seconds, UTC).isoformat() if bought.HasField("pickup_until") else ""
    return BoughtOnReceipt(
        reward_id=bought.reward_id,
        reward_name=bought.reward_name,
        qty=bought.qty,
        points_spent=bought.points_spent,
        pickup_code=bought.pickup_code,
        pickup_until=until,
    )


def _taken_part(part: TakenPart) -> TakenPartOnReceipt:
    return TakenPartOnReceipt(campaign_id=part.campaign_id, title=part.title, points=part.points, coupon_fen=part.coupon_fen)


def _is_there(path: Path) -> bool:
    """Tell whether there is such a file; a text that is none and too long for a name is none either."""
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def _kind(body: ReceiptBody) -> str:
    """Return the kind's name, or its number where it is newer than this program."""
    if body.kind in ReceiptKind.values():
        return ReceiptKind.Name(body.kind).removeprefix(_KIND_PREFIX).lower()
    return str(int(body.kind))


def _only_receipt(texts: Iterable[str]) -> str:
    receipts = {text for text in texts if text.startswith(PREFIX)}
    if len(receipts) != 1:
        raise NoReceiptInPicture(f"{len(receipts)} receipts in the picture")
    return receipts.pop()


__all__ = ["KeyFileUnusable", "NoReceiptInPicture", "ReceiptInvalid", "VerifiedReceipt", "describe", "load_public_keys", "verify_argument"]
