"""Puts the card service together from the core services; the composition root calls it once."""

from __future__ import annotations

from server_stub.services.build import CoreServices
from server_stub.services.cards.content import CardSigning, Keystore
from server_stub.services.cards.dialogs import Dialogs
from server_stub.services.cards.issuing import Issuing, IssuingDesks
from server_stub.services.cards.lost_cards import LossDesks, LostCards
from server_stub.services.cards.service import CardParts, CardService
from server_stub.services.cards.snapshots import Snapshots
from server_stub.services.foundation import Foundation


def build_cards(base: Foundation, core: CoreServices, keys: tuple[Keystore, CardSigning]) -> CardService:
    """Return the card service; issuing and visits share one set of dialogues."""
    dialogs = Dialogs(base.clock, base.ids)
    issuing = Issuing(base, IssuingDesks(core.activation, core.grants, core.receipts, core.visits), dialogs, keys)
    desks = LossDesks(core.visits, core.grants, core.notifications, core.receipts, core.ledger.accounts)
    lost_cards = LostCards(base, desks, core.card_settings.replacement_fee_fen)
    parts = CardParts(issuing, lost_cards, Snapshots(base, core.activation, keys))
    return CardService(base, parts, dialogs, core.visits, keys)
