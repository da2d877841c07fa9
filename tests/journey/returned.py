"""An application that staff send back, as touches: to the ticket; then from its status page through the form again to the card."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from tests.journey.own_pages import OwnPagesJourney


@dataclass(slots=True)
class AskingJourney(OwnPagesJourney):
    """From the age band to the ticket."""

    def _steps(self) -> Iterator[tuple[str, Callable[[], Any]]]:
        yield "attract", self.begin
        yield "menu", lambda: self.go("attract.start", "Menu")
        yield "age band", lambda: self.go("menu.join", "AskingAgeBand")
        yield "notice", lambda: self.go("age.adult", "Consenting")
        yield "consent", self.consent
        yield "phone", lambda: self.prove_phone("FillingForm")
        yield "name", self.type_chinese_name
        yield "review", lambda: self.go("form.next", "Reviewing")
        yield "ticket", lambda: self.go("review.submit", "InReview")
        yield "end", lambda: self.go("bar-end", "Attract")


@dataclass(slots=True)
class CorrectingJourney(OwnPagesJourney):
    """By phone to the status page, from there to the form, and on to the card; the number is proved once."""

    card: str = "new"

    def _steps(self) -> Iterator[tuple[str, Callable[[], Any]]]:
        yield "attract", self.begin
        yield "menu", lambda: self.go("attract.start", "Menu")
        yield "which application", lambda: self.go("menu.status", "EnteringNumber")
        yield "by phone", lambda: self.go("status.next", "AskingMobile")
        yield "returned", lambda: self.prove_phone("ShowingStatus")
        yield "age band", lambda: self.go("status.correct", "AskingAgeBand")
        yield "notice", lambda: self.go("age.adult", "Consenting")
        yield "form", self.agree
        yield "name", self.type_chinese_name
        yield "review", lambda: self.go("form.next", "Reviewing")
        yield "approved", lambda: self.go("review.submit", "WaitingForBlank")
        yield "written", lambda: self.lay_and_see(self.card, "CardIssued")
        yield "end", self.take_and_end

    def agree(self) -> None:
        """Agree to membership; the number is proved already."""
        self.glass.touch("consent.membership")
        self.go("consent.next", "FillingForm")
