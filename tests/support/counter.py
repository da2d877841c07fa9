"""A test that stands at a kiosk: touches it by events, sees its views, lays and takes cards, reads the phone.

The kiosk is the production one without pixels (tests.support.puppet_kiosk), the service a real process. Knows flows' states and
events; knows no database. Blocking.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any, TypeVar

from kiosk.flows.home.state import Journey, JourneyChosen, Started
from kiosk.flows.issue_card.state import CardIssued, WaitingForBlank
from kiosk.flows.phone_proof.state import AskingCode, AskingMobile, CodeTyped, MobileEntered, MobileTyped
from kiosk.flows.register.state import AgeBandChosen, AskingAgeBand, Consenting, ConsentToggled, Field, FillingForm, Reviewing, TextEntered
from kiosk.flows.step import Continued
from kiosk.ports.display import View
from kiosk.ports.values import AgeBand
from tests.support.forked_world import ForkedWorld
from tests.support.puppet_kiosk import packed, unpacked

StateT = TypeVar("StateT")
WAIT_S = 15.0


class Counter(ForkedWorld):
    """An installation with a test at its kiosk. Blocking."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, "tests.support.puppet_kiosk", has_announced_service=False)
        self.view: View | None = None
        self._out: socket.socket | None = None
        self._waiting: list[View] = []
        self._last_number = 20_000
        self._code = ""

    def next_mobile(self) -> str:
        """Return a mobile number that nobody has."""
        self._last_number += 1
        # Never more codes in an hour than one device may ask for.
        self.wait(240)
        return f"138{self._last_number:08d}"

    def open(self) -> None:
        """Start the kiosk anew, with nothing on its reader."""
        self.kill_kiosk()
        for slot in (0, 1):
            self.take_off(slot)
        self.view, self._out = None, None
        self._waiting.clear()
        self.start_kiosk()
        self.see(lambda view: view.chrome.is_linked, "a kiosk that is linked")

    def touch(self, *events: object) -> None:
        """Send events of touches, in order."""
        assert self._out is not None
        for event in events:
            self._out.sendall(packed(event).encode() + b"\n")

    def see(self, is_it: Callable[[View], bool], what: str, wait_s: float = WAIT_S) -> View:
        """Return the first view, from the present one on, that is what is waited for."""
        end = time.monotonic() + wait_s
        while self.view is None or not is_it(self.view):
            assert time.monotonic() < end, f"{what} was not seen, but {_told(self.view)}\n{self.logs()}"
            self._hear_one()
        return self.view

    def _hear_one(self) -> None:
        if not self._waiting:
            for heard in self.listener.hear(0.2):
                self._out = heard.line
                self._waiting.append(unpacked(heard.message["view"]))
        if self._waiting:
            self.view = self._waiting.pop(0)

    def next_view(self) -> View:
        """Return the next view that is told, whatever it is."""
        self.view = None
        return self.see(lambda _view: True, "another view")

    def quiet(self, seconds: float) -> None:
        """Hear what is told for so long: for what must not happen."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self._hear_one()

    def state(self, kind: type[StateT], wait_s: float = WAIT_S, **values: Any) -> StateT:
        """Return the state that is seen once it is of this kind, with these values."""

        def is_it(view: View) -> bool:
            inner = inner_state(view.state)
            return type(inner) is kind and all(getattr(inner, name) == value for name, value in values.items())

        return inner_state(self.see(is_it, f"{kind.__name__} {values}", wait_s).state)

    def code(self, mobile: str) -> str:
        """Return the code that has come to the phone since the last one was read."""
        self._code = self.world.code_for(f"+86{mobile}", after=self._code)
        return self._code

    def tear(self, card: str, command: int) -> None:
        """Have a card leave the reader at its command of this number from now."""
        assert self.world.cards is not None
        self.world.cards.control.tear(card, command, "before")

    # A journey as far as a test wants it.

    def choose(self, journey: Journey) -> None:
        """Go to a journey from the attract screen."""
        self.touch(Started(), JourneyChosen(journey))

    def to_phone(self) -> None:
        """Join as far as the question for the phone."""
        self.choose(Journey.JOIN)
        self.state(AskingAgeBand)
        self.touch(AgeBandChosen(AgeBand.ADULT))
        self.state(Consenting)
        self.touch(ConsentToggled("membership"), Continued())
        self.state(AskingMobile)

    def to_form(self, mobile: str) -> None:
        """Join as far as the form."""
        self.to_phone()
        self.touch(MobileTyped(mobile), MobileEntered())
        self.state(AskingCode)
        self.touch(CodeTyped(self.code(mobile)))
        self.state(FillingForm)

    def to_review(self, mobile: str, email: str = "") -> None:
        """Join as far as the page before sending."""
        self.to_form(mobile)
        self.touch(TextEntered(Field.NAME, "欧阳小满"), TextEntered(Field.EMAIL, email), Continued())
        self.state(Reviewing)

    def to_blank(self, mobile: str, email: str = "") -> None:
        """Join as far as the question for a blank card."""
        self.to_review(mobile, email)
        self.touch(Continued())
        self.state(WaitingForBlank)

    def join(self, card: str, mobile: str = "", email: str = "") -> str:
        """Join with a new kiosk and this blank card; returns the mobile number. The card lies on the reader afterwards."""
        mobile = mobile or self.next_mobile()
        self.open()
        self.to_blank(mobile, email)
        self.lay(card)
        self.state(CardIssued)
        return mobile


def inner_state(state: Any) -> Any:
    """Return the state of the part of a journey that proves a phone, or the state itself."""
    return getattr(state, "phone", state)


def _told(view: View | None) -> str:
    if view is None:
        return "nothing"
    state = inner_state(view.state)
    values = {field.name: getattr(state, field.name) for field in fields(state)}
    return f"{type(state).__name__} {values} under {view.overlay}"
