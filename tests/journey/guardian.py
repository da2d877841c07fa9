"""A guardian as touches: joins a child, fetches its card, opens its pages, and takes the consent back."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from tests.journey.own_pages import REAL_S, OwnPagesJourney


@dataclass(slots=True)
class JoinChildJourney(OwnPagesJourney):
    """From the age band to the ticket; `person.name` is the child's, the number is the guardian's."""

    def _steps(self) -> Iterator[tuple[str, Callable[[], Any]]]:
        yield "attract", self.begin
        yield "menu", lambda: self.go("attract.start", "Menu")
        yield "age band", lambda: self.go("menu.join", "AskingAgeBand")
        yield "guardian", lambda: self.go("age.under_14", "GuardianNeeded")
        yield "number", lambda: self.go("guardian.begin", "AskingMobile")
        yield "notice", lambda: self.prove_phone("Consenting")
        yield "form", self.agree
        yield "name", self.type_chinese_name
        yield "review", lambda: self.go("form.next", "Reviewing")
        yield "ticket", self.submit
        yield "end", lambda: self.go("bar-end", "Attract")

    def agree(self) -> None:
        """Agree in the child's name; the number is not asked for again."""
        self.glass.touch("consent.membership")
        self.go("consent.next", "FillingForm")

    def submit(self) -> None:
        """Send it and take the ticket."""
        before = len(self.world.slips())
        self.go("review.submit", "InReview")
        self.await_slip(before)


@dataclass(slots=True)
class FetchChildsCardJourney(OwnPagesJourney):
    """The guardian asks after the application by phone and has the card written."""

    card: str = "child"

    def _steps(self) -> Iterator[tuple[str, Callable[[], Any]]]:
        yield "attract", self.begin
        yield "menu", lambda: self.go("attract.start", "Menu")
        yield "which application", lambda: self.go("menu.status", "EnteringNumber")
        yield "by phone", lambda: self.go("status.next", "AskingMobile")
        yield "approved", lambda: self.prove_phone("ShowingStatus")
        yield "blank", lambda: self.go("status.take_card", "WaitingForBlank")
        yield "written", lambda: self.lay_and_see(self.card, "CardIssued")
        yield "taken", self.take
        yield "end", lambda: self.go("bar-end", "Attract")
        yield "the child's card", lambda: self.lay_and_see(self.card, "MemberHome")
        yield "taken again", self.take_and_end


@dataclass(slots=True)
class MyChildrenJourney(OwnPagesJourney):
    """By phone to the child's own pages; then by phone again, and the consent is taken back."""

    def _steps(self) -> Iterator[tuple[str, Callable[[], Any]]]:
        for what in ("opened", "taken back"):
            yield f"attract, {what}", self.begin
            yield f"menu, {what}", lambda: self.go("attract.start", "Menu")
            yield f"sign in, {what}", lambda: self.go("menu.sign_in", "WaitingForCard")
            yield f"by phone, {what}", lambda: self.go("sign_in.phone", "AskingMobile")
            yield f"home, {what}", lambda: self.prove_phone("MemberHome")
            yield f"children, {what}", lambda: self.go("member.children", "ChildrenShown")
            yield f"child, {what}", lambda: self.go("children.1", "ChildShown")
            if what == "opened":
                yield "the child's home", lambda: self.go("child.open", "MemberHome")
                yield "the child's card", lambda: self.go("member.lost_card", "ExplainingLoss")
                yield "ended", lambda: self.go("bar-end", "Attract")
        yield "what it does", lambda: self.go("child.withdraw", "ConfirmingWithdrawal")
        yield "consent withdrawn", lambda: self.go("child.withdraw.confirm", "ConsentWithdrawn")
        yield "no child", self.see_the_rest
        yield "end", lambda: self.go("bar-end", "Attract")

    def see_the_rest(self) -> None:
        """Its button is where the last touch was, and a second touch at once is a slip."""
        time.sleep(REAL_S)
        self.go("children.again", "ChildrenShown")
