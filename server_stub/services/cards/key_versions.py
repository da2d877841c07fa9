"""Cards whose key version the centre does not know: refused, and staff hear of it. No other key is ever tried (capabilities, row 26)."""

from __future__ import annotations

import logging

from server_stub.domain.actors import DeviceActor
from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import refuse
from server_stub.services.audit import Deed
from server_stub.services.cards.content import Keystore
from server_stub.services.foundation import Foundation
from server_stub.storage.cards import CardRow

log = logging.getLogger(__name__)


def require_keys(base: Foundation, keystore: Keystore, device: DeviceActor, card: CardRow) -> None:
    """Let only a card pass whose keys are here.

    Raises:
        Refusal: CARD_KEY_VERSION.
    """
    if card.key_generation not in keystore.generations:
        tell_unknown_version(base, device, card.card_id, f"keys of generation {card.key_generation} are missing")
        raise refuse(Reason.CARD_KEY_VERSION)


def tell_unknown_version(base: Foundation, device: DeviceActor, card_id: str, detail: str) -> None:
    """Write the alert: a generation was lost, or somebody else keyed a card of ours."""
    log.error("cards: ALERT key version not known: %s", detail)
    deed = Deed(device, "alert.card_key_version", detail={"card": card_id, "why": detail})
    base.database.write(lambda tx: base.audit.record(tx, deed))
