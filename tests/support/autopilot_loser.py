"""A member who has lost the card, in place of the display: reports it, has a new one written and comes again with it, once.

Whatever happened before, the member begins again by what is to be seen. Knows the flows' states and events; knows no centre and no test.
"""

from __future__ import annotations

from typing import Any

from kiosk.flows.home.state import Journey, JourneyChosen
from kiosk.flows.lost.state import AskingWhich, CardLost, ExplainingLoss, LossChosen, LossFailed, NewCardChosen, NoCardYet
from kiosk.flows.member.state import MemberHome, TakeCardChosen
from kiosk.flows.step import Back, Continued, RetryChosen
from kiosk.ports.own_card import CardStanding
from kiosk.session.events import EndChosen
from tests.support.autopilot_member import Ask, Member

_REPLACED = "CARD_NOT_MISSING"
_AGAIN = ("UNREACHABLE", "SERVICE_DOWN")


class LosingMember(Member):
    """What this member does otherwise than one who joins."""

    def __init__(self, facts: dict[str, Any], ask: Ask) -> None:
        super().__init__(facts, ask)
        self._has_applied = True
        self._acts |= {
            AskingWhich: lambda _state: [Back() if self._has_card else LossChosen()],
            ExplainingLoss: lambda _state: [Continued()],
            CardLost: lambda _state: [NewCardChosen()],
            NoCardYet: lambda _state: self._lost("the centre knows of no card"),
            LossFailed: self._failed,
        }

    def _menu(self, _state: Any) -> list[object]:
        if self.is_greeted:
            return [EndChosen()]
        return [JourneyChosen(Journey.SIGN_IN if self._has_card else Journey.LOST_CARD)]

    def _failed(self, state: LossFailed) -> list[object]:
        if state.reason in _AGAIN:
            return [RetryChosen()]
        if state.reason == _REPLACED:
            # The new card was good before the answer was lost.
            self._has_card = True
            return [Back()]
        return self._lost(f"no new card: {state.reason}")

    def _home(self, state: MemberHome) -> list[object]:
        card = state.membership.card
        if card is not None and card.standing is CardStanding.LOST:
            self._has_card = False
            return [TakeCardChosen()]
        return super()._home(state)
