"""Where a member lands who signed in on the way to something: there, and not at their home. One goal at a time; it names no person."""

from __future__ import annotations

from kiosk.flows.places import Place, ToAttract, ToCampaigns, ToFault, ToMember, ToMenu, ToRegister, ToSignIn


class Goal:
    """What somebody was about to do when they were asked to sign in."""

    def __init__(self) -> None:
        self._campaign_id = ""

    def on_the_way(self, place: Place) -> Place:
        """Return where the way leads: to the goal where the member is known now; leaving the way forgets the goal."""
        match place:
            case ToSignIn(campaign_id=campaign_id) if campaign_id:
                self._campaign_id = campaign_id
            case ToMember(visitor) if self._campaign_id:
                place = ToCampaigns(visitor, self._campaign_id)
                self._campaign_id = ""
            case ToMenu() | ToAttract() | ToFault() | ToRegister():
                self._campaign_id = ""
            case _:
                pass
        return place
