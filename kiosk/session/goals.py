"""Where a member lands who signed in on the way to something: there, and not at their home. One goal at a time.

A goal names no person; what somebody wrote goes with it, and is forgotten with whoever leaves the way.
"""

from __future__ import annotations

from collections.abc import Callable

from kiosk.flows.places import Place, ToAttract, ToCampaigns, ToFault, ToFeedback, ToMember, ToMenu, ToRegister, ToSignIn
from kiosk.ports.feedback import Said
from kiosk.ports.values import Visitor


class Goal:
    """What somebody was about to do when they were asked to sign in."""

    def __init__(self) -> None:
        self._leads: Callable[[Visitor], Place] | None = None

    def on_the_way(self, place: Place) -> Place:
        """Return where the way leads: to the goal where the member is known now; leaving the way forgets the goal."""
        match place:
            case ToSignIn(said=Said() as said):
                self._leads = lambda visitor: ToFeedback(visitor, said=said)
            case ToSignIn(campaign_id=campaign_id) if campaign_id:
                self._leads = lambda visitor: ToCampaigns(visitor, campaign_id)
            case ToMember(visitor) if self._leads is not None:
                place, self._leads = self._leads(visitor), None
            case ToMenu() | ToAttract() | ToFault() | ToRegister():
                self._leads = None
            case _:
                pass
        return place
