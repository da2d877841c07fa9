"""The start as a table."""

from __future__ import annotations

from kiosk.flows.home.state import Attract, Faulted, Journey, JourneyChosen, Menu, OutOfService, ServiceLost, ServiceRestored, Started
from kiosk.flows.places import Place, ToAttract, ToCampaigns, ToFeedback, ToLostCard, ToMenu, ToRegister, ToSignIn, ToStatus
from kiosk.flows.step import COMMON_EVENTS, Back, CardInserted, Continued, Flow, Go, Step

PLACES: dict[Journey, Place] = {
    Journey.JOIN: ToRegister(),
    Journey.SIGN_IN: ToSignIn(),
    Journey.STATUS: ToStatus(),
    Journey.FEEDBACK: ToFeedback(),
    Journey.LOST_CARD: ToLostCard(),
    Journey.CAMPAIGNS: ToCampaigns(),
}


def _choose(state: Menu, event: JourneyChosen) -> Step:
    return Step(state, (Go(PLACES[event.journey]),))


def _tap(state: Attract | Menu, _event: CardInserted) -> Step:
    # A card laid down says by itself what its holder wants; the sign-in flow finds it on the reader.
    return Step(state, (Go(ToSignIn()),))


def _leave(state: Menu, _event: Back) -> Step:
    return Step(state, (Go(ToAttract()),))


def _begin_again(state: Faulted, _event: Back | Continued) -> Step:
    return Step(state, (Go(ToMenu()),))


def _lost(_state: Attract | Menu | OutOfService, event: ServiceLost) -> Step:
    return Step(OutOfService(event.reason))


HOME = Flow(
    name="home",
    states=(Attract, Menu, OutOfService, Faulted),
    events=(*COMMON_EVENTS, Started, JourneyChosen, ServiceLost, ServiceRestored),
    rules={
        (Attract, Started): lambda _state, _event: Step(Menu()),
        (Attract, CardInserted): _tap,
        (Attract, ServiceLost): _lost,
        (Menu, JourneyChosen): _choose,
        (Menu, CardInserted): _tap,
        (Menu, Back): _leave,
        (Menu, ServiceLost): _lost,
        (OutOfService, ServiceLost): _lost,
        (OutOfService, ServiceRestored): lambda _state, _event: Step(Attract()),
        (Faulted, Back): _begin_again,
        (Faulted, Continued): _begin_again,
    },
)
