"""What a member's own card is: valid, lost, or not fetched yet. Reads only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from server_stub.domain.card_standing import CardStanding
from server_stub.domain.clock import business_day
from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import Refusal, Refused, refuse
from server_stub.services.visits import Running
from server_stub.storage.card_reports import ReportKind, last_loss
from server_stub.storage.cards import LIVE, CardRow, CardState, cards_of
from server_stub.storage.database import Tx


@dataclass(frozen=True, slots=True)
class Standing:
    """How it stands with the card.

    Attributes:
        card: The valid or the lost one; None where there is neither.
    """

    standing: CardStanding
    card: CardRow | None

    @property
    def lost_on(self) -> date | None:
        """Returns the day of the report, in the stores' time zone."""
        return business_day(self.card.state_since) if self.standing is CardStanding.LOST and self.card else None


@dataclass(frozen=True, slots=True)
class OwnCard:
    """The card as its member sees it; `is_holder_proved` and `may_withdraw` are about this visit."""

    standing: CardStanding
    lost_on: date | None
    is_holder_proved: bool
    may_withdraw: bool
    replacement_fee_fen: int


def standing_of(tx: Tx, member_id: str) -> Standing:
    """Return whether a member has a valid card; a new one that is half written is none yet."""
    cards = cards_of(tx, member_id)
    for state, standing in ((CardState.ACTIVE, CardStanding.ACTIVE), (CardState.LOST, CardStanding.LOST)):
        found = [card for card in cards if card.state is state]
        if found:
            return Standing(standing, found[-1])
    return Standing(CardStanding.NONE, None)


def why_not_valid(card: CardRow) -> Refusal:
    """Return the refusal of a card that is neither valid nor half written; one that was reported lost says since when."""
    match card.state:
        case CardState.LOST:
            return Refusal(Refused(Reason.CARD_LOST, on_day=business_day(card.state_since)))
        case CardState.SPOILED:
            return refuse(Reason.CARD_SPOILED)
        case _:
            return refuse(Reason.CARD_BLOCKED)


def may_withdraw(tx: Tx, running: Running, lost: CardRow) -> bool:
    """Tell whether a lost card can be made valid again: by the visit that reported it, before a new one was begun."""
    said = last_loss(tx, lost.card_id)
    is_same_visit = said is not None and said.kind is ReportKind.LOST and said.visit_id == running.visit.visit_id
    return is_same_visit and not any(_comes_after(card, lost) for card in cards_of(tx, lost.member_id))


def own_card(tx: Tx, running: Running, replacement_fee_fen: int) -> OwnCard:
    """Return the card of the member before the device."""
    found = standing_of(tx, running.member.member_id)
    is_lost = found.standing is CardStanding.LOST and found.card is not None
    withdrawable = found.card is not None and is_lost and may_withdraw(tx, running, found.card)
    return OwnCard(found.standing, found.lost_on, running.is_holder_proved, withdrawable, replacement_fee_fen)


def _comes_after(card: CardRow, lost: CardRow) -> bool:
    # A spoiled card keeps the number that it was to have: the one after the lost card's.
    return card.card_id != lost.card_id and (card.state in LIVE or card.issue_number > lost.issue_number)
