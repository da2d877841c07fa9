"""Puts the card service together from the core services; the composition root calls it once."""

from __future__ import annotations

from server_stub.services.build import CoreServices
from server_stub.services.cards.content import CardSigning, Keystore
from server_stub.services.cards.dialogs import Dialogs
from server_stub.services.cards.issuing import Issuing, IssuingDesks
from server_stub.services.cards.service import CardService
from server_stub.services.foundation import Foundation


def build_cards(base: Foundation, core: CoreServices, keys: tuple[Keystore, CardSigning]) -> CardService:
    """Return the card service; issuing and visits share one set of dialogues."""
    dialogs = Dialogs(base.clock, base.ids)
    desks = IssuingDesks(core.activation, core.grants, core.receipts, core.visits)
    return CardService(base, Issuing(base, desks, dialogs, keys), dialogs, core.visits, keys)
