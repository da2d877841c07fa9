"""Puts the services of campaigns together. Knows no configuration file."""

from __future__ import annotations

from dataclasses import dataclass

from server_stub.services.campaigns.board import CampaignBoard
from server_stub.services.campaigns.desk import CampaignDesk
from server_stub.services.campaigns.joining import CampaignJoining, JoiningDesks
from server_stub.services.campaigns.participants import Participants
from server_stub.services.campaigns.reminders import CampaignReminders
from server_stub.services.decisions import Decisions
from server_stub.services.ledger.build import LedgerServices
from server_stub.services.notifications import Notifications
from server_stub.services.receipts import Receipts
from server_stub.services.visits import Visits


@dataclass(frozen=True, slots=True)
class CampaignParts:
    """What the services of campaigns need of others."""

    ledger: LedgerServices
    visits: Visits
    decisions: Decisions
    notifications: Notifications
    receipts: Receipts


@dataclass(frozen=True, slots=True)
class CampaignServices:
    """Everything of campaigns."""

    desk: CampaignDesk
    board: CampaignBoard
    joining: CampaignJoining
    reminders: CampaignReminders


def build_campaigns(parts: CampaignParts) -> CampaignServices:
    """Returns the services."""
    booking, base = parts.ledger.booking, parts.ledger.booking.base
    board = CampaignBoard(base, parts.visits, Participants(booking, parts.ledger.tiers), parts.decisions)
    return CampaignServices(
        desk=CampaignDesk(booking),
        board=board,
        joining=CampaignJoining(base, board, JoiningDesks(parts.visits, parts.ledger.gifts, parts.receipts)),
        reminders=CampaignReminders(base, board, parts.notifications),
    )
