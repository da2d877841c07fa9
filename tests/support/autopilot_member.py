"""A member who knows what he wants: joins, takes the card, and later lays it down to be greeted. Answers each state once.

Whatever happened before, he begins again by what he sees: a card on the reader, "you are a member already", a button to try
again. Knows the flows' states and events; knows no centre, no card and no test.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from kiosk.flows.home.state import Attract, Journey, JourneyChosen, Menu, Started
from kiosk.flows.issue_card.state import (
    ActivationUncertain,
    CardIssued,
    CardPulled,
    CardSpoiled,
    HomeChosen,
    Interrupted,
    IssueRefused,
    WaitingForBlank,
    WrongCard,
)
from kiosk.flows.lost.state import ProvingHolder
from kiosk.flows.member.state import MemberHome, MemberUnavailable
from kiosk.flows.phone_proof.state import AskingCode, AskingMobile, CodeTyped, MobileEntered, MobileTyped
from kiosk.flows.register.state import (
    AgeBandChosen,
    AskingAgeBand,
    Consenting,
    ConsentToggled,
    Field,
    FillingForm,
    NotAccepted,
    NoticeUnavailable,
    ProvingPhone,
    Reviewing,
    SubmitUncertain,
    TextEntered,
)
from kiosk.flows.sign_in.state import NotIdentified, ReadingCard, SigningInByPhone, WaitingForCard
from kiosk.flows.status.state import EnteringNumber, ProvingApplicant, ShowingStatus, StatusUnavailable
from kiosk.flows.step import Back, Continued, RetryChosen
from kiosk.ports.display import View
from kiosk.ports.values import AgeBand, ApplicationState
from kiosk.session.events import EndChosen
from tests.support.autopilot_steps import StepLine

PATIENCE_S = 0.25
"""So long a member looks at a screen that did not change before touching it again."""

Ask = Callable[..., dict[str, Any]]

_AGAIN = (NoticeUnavailable, SubmitUncertain, Interrupted, ActivationUncertain, StatusUnavailable, MemberUnavailable)
_KNOWN = ("MEMBER_EXISTS", "APPLICATION_OPEN")
# The way to the centre or to the card broke, which says nothing about the card.
_LINK_REASONS = ("UNREACHABLE", "CARD_DIALOG", "CARD_REMOVED", "SERVICE_DOWN")
_PHONES = (ProvingPhone, SigningInByPhone, ProvingApplicant, ProvingHolder)


class Member:
    """What the member does in each state.

    Args:
        facts: mobile, name, email, and whether the own card lies on the reader now.
        ask: Asks the hands: to lay or take the card, to read the phone, to wait.
    """

    def __init__(self, facts: dict[str, Any], ask: Ask) -> None:
        self._facts = facts
        self._ask = ask
        self._has_applied = False
        self._has_card = False
        self._came_by_card = False
        self.is_greeted = False
        self._acts: dict[type, Callable[[Any], list[object]]] = {
            Menu: self._menu,
            AskingAgeBand: lambda _state: [Back() if self._has_applied else AgeBandChosen(AgeBand.ADULT)],
            Consenting: self._consenting,
            AskingMobile: self._mobile,
            AskingCode: self._code,
            FillingForm: self._form,
            Reviewing: lambda _state: [Continued()],
            NotAccepted: lambda state: self._lost(f"not accepted: {state.reason}"),
            WaitingForBlank: lambda _state: self._hands("lay"),
            CardPulled: lambda _state: self._hands("lay"),
            WrongCard: lambda _state: self._hands("take"),
            CardIssued: self._issued,
            CardSpoiled: lambda state: self._lost(f"card spoiled: {state.reason}"),
            IssueRefused: lambda _state: [Continued()],
            EnteringNumber: lambda _state: [Continued()],
            ShowingStatus: self._status,
            WaitingForCard: lambda _state: self._hands("lay") if self._has_card else [Back()],
            ReadingCard: self._reading,
            NotIdentified: self._not_identified,
            MemberHome: self._home,
        }

    def act(self, view: View) -> list[object]:
        """Return the touches with which the member answers what is to be seen."""
        state = view.state
        if view.overlay is not None:
            # A kiosk that was killed finds the card where it was, signs nobody in with it and asks for it to be taken.
            self._facts["card_lies"] = False
            return self._hands("take")
        if isinstance(state, Attract):
            return self._attract(is_linked=view.chrome.is_linked)
        if isinstance(state, _AGAIN):
            return [RetryChosen()]
        inner = state.phone if isinstance(state, _PHONES) else state
        act = self._acts.get(type(inner))
        return act(inner) if act else []

    def _hands(self, what: str) -> list[object]:
        self._ask(need=what)
        return []

    def _lost(self, why: str) -> list[object]:
        self._ask(lost=why)
        return []

    def _attract(self, *, is_linked: bool) -> list[object]:
        if self.is_greeted:
            self._ask(end=True)
            return []
        # Who sees the own card lie there waits for the kiosk to see it, too.
        return [Started()] if is_linked and not self._facts["card_lies"] else []

    def _menu(self, _state: Any) -> list[object]:
        if self.is_greeted:
            return [EndChosen()]
        if self._has_card:
            return [JourneyChosen(Journey.SIGN_IN)]
        return [JourneyChosen(Journey.STATUS if self._has_applied else Journey.JOIN)]

    def _consenting(self, state: Consenting) -> list[object]:
        if self._has_applied:
            return [Back()]
        return [Continued()] if state.draft.consents else [ConsentToggled("membership")]

    def _mobile(self, state: AskingMobile) -> list[object]:
        if state.reason in _KNOWN:
            # Who joined before the power went asks after the application instead.
            self._has_applied = True
            return [Back()]
        if state.wait_s:
            self._ask(need="wait", seconds=state.wait_s)
        return [MobileTyped(self._facts["mobile"]), MobileEntered()]

    def _code(self, state: AskingCode) -> list[object]:
        return [CodeTyped(self._ask(need="code")["code"])] if not state.digits else []

    def _form(self, state: FillingForm) -> list[object]:
        if state.findings:
            return self._lost(f"the form is refused: {state.findings}")
        return [TextEntered(Field.NAME, self._facts["name"]), TextEntered(Field.EMAIL, self._facts["email"]), Continued()]

    def _issued(self, state: CardIssued) -> list[object]:
        self._has_applied = self._has_card = True
        self._came_by_card = False
        is_in_hurry = self._ask(need="hurry")["is_in_hurry"]
        if not state.is_taken and not is_in_hurry:
            return self._hands("take")
        return [HomeChosen()] if state.slip != "printing" else []

    def _status(self, state: ShowingStatus) -> list[object]:
        self._has_applied = True
        self._has_card = state.status.state is ApplicationState.ACTIVE
        return [Continued()]

    def _reading(self, _state: ReadingCard) -> list[object]:
        self._facts["card_lies"] = False
        self._came_by_card = True
        return []

    def _not_identified(self, state: NotIdentified) -> list[object]:
        if state.reason in _LINK_REASONS:
            return [RetryChosen()]
        # A blank or half-written card that the centre does not know yet: taken away, and the journey begins anew.
        self._came_by_card = False
        if self._has_card:
            return self._lost(f"the own card is refused: {state.reason}")
        return self._hands("take")

    def _home(self, state: MemberHome) -> list[object]:
        self._has_applied = self._has_card = True
        self.is_greeted = self.is_greeted or self._came_by_card
        found = state.membership
        self._ask(
            by_card=self._came_by_card,
            home=[found.points_available, found.points_pending, found.application_state.value, len(found.coupons), found.tier],
        )
        return [Back()]


class MemberDisplay:
    """Implements kiosk.ports.display.Display with a member in front of it. Thread: loop."""

    def __init__(self, member: Member, line: StepLine) -> None:
        self._member = member
        self._line = line
        self._send: Callable[[object], None] = lambda _event: None
        self._seen: Any = None
        self._again: asyncio.TimerHandle | None = None

    def on_event(self, send: Callable[[object], None]) -> None:
        """See Display."""
        self._send = send

    def wipe(self) -> None:
        """See Display; nothing is kept here."""

    def show(self, view: View) -> None:
        """Announce a new state and answer it."""
        seen = (view.state, view.overlay, view.chrome.is_linked)
        if seen == self._seen:
            return
        is_new = self._seen is None or seen[:2] != self._seen[:2]
        self._seen = seen
        if is_new:
            overlay = f" under {type(view.overlay).__name__}" if view.overlay else ""
            self._line.reach(f"state {_name(view.state)}{overlay}")
        if self._again is not None:
            self._again.cancel()
        self._again = asyncio.get_running_loop().call_soon(self._act, view)

    def _act(self, view: View) -> None:
        for event in self._member.act(view):
            self._send(event)
        self._again = asyncio.get_running_loop().call_later(PATIENCE_S, self._act, view)


def _name(state: Any) -> str:
    name = type(state).__name__
    return f"{name}.{type(state.phone).__name__}" if isinstance(state, _PHONES) else name
