"""The public half of the keys, as others need it to verify without the centre. Holds no secret."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from server_stub.keys.folder import KeyKind
from server_stub.keys.signing import SIGNING_KINDS, public_keys

if TYPE_CHECKING:
    from server_stub.keys.folder import KeyFolder


def public_document(folder: KeyFolder) -> dict[str, dict[str, str]]:
    """Returns kind -> key id -> raw Ed25519 public key as 64 hex digits, e.g. `{"receipt": {"1": "ab…"}}`."""
    return {kind.value: {str(number): key.hex() for number, key in public_keys(folder, kind).items()} for kind in SIGNING_KINDS}


def public_text(folder: KeyFolder) -> str:
    """Returns the document as JSON, ending with a newline."""
    return json.dumps(public_document(folder), indent=1, sort_keys=True) + "\n"


def receipt_keys_text(folder: KeyFolder) -> str:
    """Returns what a kiosk needs to check receipts: JSON of key id -> raw public key as 64 hex digits."""
    keys = {str(number): key.hex() for number, key in public_keys(folder, KeyKind.RECEIPT).items()}
    return json.dumps(keys, indent=1, sort_keys=True) + "\n"
