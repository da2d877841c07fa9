"""The journey as touches: join, take the card, sign in by card. Every step is a name and what a member does.

Texts are never looked for: targets are found by their stable ids, candidates by asking the product's own input engine.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kiosk.pinyin.names import NameEngine
from tests.journey.glass import Glass, JourneyFailed
from tests.journey.world import World

CANDIDATES = 8
FIRST_LANGUAGE = "zh-Hans"
"""That of the attract screen when nobody has chosen another."""

SLIP_S = 0.4
"""Longer than a second press of the same target is taken for a slip of the finger."""


@dataclass(frozen=True, slots=True)
class Person:
    """Who joins. Made up."""

    name: tuple[tuple[str, str], ...] = (("ouyang", "欧阳"), ("xiaoman", "小满"))
    mobile: str = "13800138000"
    email: str = "xm@example.cn"
    latin_name: str = ""

    @property
    def e164(self) -> str:
        """Mobile number as the service stores it."""
        return f"+86{self.mobile}"


@dataclass(slots=True)
class Played:
    """A step that was played."""

    name: str
    seconds: float
    state: str
    language: str
    picture: str = ""


@dataclass(slots=True)
class Journey:
    """Plays the journey on one installation."""

    world: World
    person: Person = field(default_factory=Person)
    language: str = "zh-Hans"
    out: Path | None = None
    tell: Callable[[str], None] = lambda _line: None
    steps: list[Played] = field(default_factory=list)
    card_kind: str = "desfire-ev2"
    before: dict[str, Callable[[], None]] = field(default_factory=dict)
    patience_s: float = 20.0
    _begun: str = ""

    @property
    def glass(self) -> Glass:
        """The touchscreen."""
        return self.world.glass

    def play(self) -> list[Played]:
        """Play every step; returns them with durations.

        Raises:
            JourneyFailed: at the first step that does not go on.
        """
        for name, step in self._steps():
            if name in self.before:
                self.before[name]()
            began = time.monotonic()
            try:
                step()
            except JourneyFailed as failure:
                raise JourneyFailed(f"{name}: {failure}") from failure
            self._note(name, time.monotonic() - began)
        return self.steps

    def _steps(self) -> Iterator[tuple[str, Callable[[], Any]]]:
        yield "attract", lambda: self.glass.wait_for(lambda seen: seen["state"] == "Attract" and seen["is_linked"], "the attract screen")
        if self.language != FIRST_LANGUAGE:
            yield "language", self.choose_language
        yield "menu", lambda: self.go("attract.start", "Menu")
        yield "languages", self.open_languages
        yield "large type", lambda: self.set_large(is_large=True)
        yield "usual type", lambda: self.set_large(is_large=False)
        yield "age band", lambda: self.go("menu.join", "AskingAgeBand")
        yield "notice", lambda: self.go("age.adult", "Consenting")
        yield "consent", self.consent
        yield "phone", self.enter_phone
        yield "code", self.enter_code
        yield "typing", self.type_beginning
        yield "form", self.fill_form
        yield "review", lambda: self.go("form.next", "Reviewing")
        yield "submit", lambda: self.go("review.submit", "WaitingForBlank")
        yield "card being written", self.lay_blank
        yield "card written", lambda: self.glass.wait("CardIssued", wait_s=self.patience_s)
        yield "card taken", self.take_card
        yield "my membership", lambda: self.go("issued.home", "MemberHome")
        yield "end", lambda: self.go("bar-end", "Attract")
        yield "signed in by card", self.sign_in_by_card
        yield "end again", self.end_with_card

    def _note(self, name: str, seconds: float) -> None:
        seen = self.glass.look()
        played = Played(name, round(seconds, 3), str(seen["state"]), str(seen["language"]))
        self.steps.append(played)
        if self.out is not None:
            time.sleep(0.15)  # two frames, so that the picture shows what the step led to
            played.picture = f"{len(self.steps):02}-{name.replace(' ', '-')}.png"
            self.glass.picture(self.out / played.picture)
        self.tell(f"{len(self.steps):2}  {name:<20} {seconds:6.2f} s   {played.state}")

    # What a member does.

    def go(self, target: str, *states: str) -> dict[str, Any]:
        """Touch a target and wait for a state."""
        self.glass.touch(target)
        return self.glass.wait(*states, wait_s=self.patience_s)

    def touch_and_see(self, target: str, then: str) -> None:
        """Touch a target and wait for what it makes appear."""
        self.glass.touch(target)
        self.glass.wait_for(lambda seen: then in seen["targets"], then, self.patience_s)

    def await_slip(self, before: int) -> None:
        """Wait until one more slip has come out than there were."""
        end = time.monotonic() + self.patience_s
        while len(self.world.slips()) <= before:
            if time.monotonic() > end:
                raise JourneyFailed("no slip came out")
            time.sleep(0.2)

    def choose_reward(self, reward: str) -> None:
        """Touch a reward and wait for its price: before, nothing can be confirmed."""
        self.go(reward, "Choosing")
        self.glass.wait_for(lambda seen: "reward.confirm" in seen["targets"], "a price", self.patience_s)

    def print_redemption(self) -> None:
        """Have the receipt of a redemption printed and wait for the paper."""
        before = len(self.world.slips())
        self.glass.touch("redemption.print", self.patience_s)
        self.await_slip(before)

    def choose_language(self) -> None:
        """Take another language by its button on the attract screen."""
        self.glass.touch(f"attract.language.{self.language}")
        self.glass.wait_for(lambda seen: seen["language"] == self.language, self.language)

    def open_languages(self) -> None:
        """Open the choice of languages."""
        self.glass.touch("bar-language")
        self.glass.wait_for(lambda seen: "language.close" in seen["targets"], "the choice of languages")

    def set_large(self, *, is_large: bool) -> None:
        """Close what is open, then switch large type."""
        if "language.close" in self.glass.look()["targets"]:
            self.glass.touch("language.close")
        self.glass.touch("bar-large")
        self.glass.wait_for(lambda seen: seen["is_large"] is is_large and "menu.join" in seen["targets"], "the other size of type")
        time.sleep(SLIP_S)  # the next touch of the same button is meant

    def consent(self) -> None:
        """Agree to membership, and to nothing else."""
        self.glass.touch("consent.membership")
        self.go("consent.next", "AskingMobile")

    def enter_phone(self) -> None:
        """Type the number."""
        self.glass.touch_each(f"num-{digit}" for digit in self.person.mobile)
        self.go("phone.next", "AskingCode")

    def enter_code(self) -> None:
        """Read the code from the phone and type it; the sixth digit submits."""
        code = self.world.code_for(self.person.e164)
        self.glass.touch_each(f"num-{digit}" for digit in code)
        self.glass.wait("FillingForm")

    def type_beginning(self) -> None:
        """Type the first word of the name; in pinyin no candidate is picked yet."""
        first = self.person.latin_name.split()[0] if self.person.latin_name else self.person.name[0][0]
        if self.person.latin_name:
            self.type_latin(first)
        else:
            self.glass.touch_each(f"key-{letter}" for letter in first)
        self._begun = first

    def fill_form(self) -> None:
        """Type the name in pinyin, or in Latin letters, as far as it is not begun, and the e-mail address."""
        if self.person.latin_name:
            self.type_latin(self.person.latin_name.removeprefix(self._begun))
        else:
            self.type_chinese_name()
        self.glass.touch("form.email")
        self.type_latin(self.person.email)

    def type_chinese_name(self) -> None:
        """Type each part in pinyin and pick it from the candidates."""
        engine = NameEngine.load()
        typed = ""
        for letters, wanted in self.person.name:
            engine.clear()
            engine.preceding(typed)
            for letter in letters:
                engine.type(letter)
            self.glass.touch_each(f"key-{letter}" for letter in letters.removeprefix(self._begun))
            self._begun = ""
            page = 0
            while wanted not in (offered := engine.candidates(page, CANDIDATES)).items:
                if not offered.has_next:
                    raise JourneyFailed(f"the keyboard does not offer the name's part {len(typed) + 1}")
                self.glass.touch("candidates-next")
                page += 1
            self.glass.touch(f"candidate-{offered.items.index(wanted)}")
            typed += wanted
        engine.close()

    def type_latin(self, text: str) -> None:
        """Type Latin text; signs and digits lie behind the 123 key."""
        is_signs = False
        for character in text:
            if character == " ":
                self.glass.touch("key-space")
                continue
            if not character.isalpha() and not is_signs and f"key-{character}" not in self.glass.look()["targets"]:
                self.glass.touch("key-digits")
                is_signs = True
            elif character.isalpha() and is_signs:
                self.glass.touch("key-digits")
                is_signs = False
            if f"key-{character}" not in self.glass.look()["targets"]:
                self.glass.touch("key-extra")
            self.glass.touch(f"key-{character}")

    def lay_blank(self) -> None:
        """Lay a blank card on the reader: it is written at once."""
        self._control.insert("member", self.card_kind)
        self.glass.wait("WritingCard", "Activating", "CardIssued", wait_s=self.patience_s)

    def lay_card(self) -> None:
        """Lay a blank card on the reader and wait until it is issued."""
        self.lay_blank()
        self.glass.wait("CardIssued", wait_s=self.patience_s)

    @property
    def _control(self) -> Any:
        if self.world.cards is None:
            raise JourneyFailed("no card reader runs")
        return self.world.cards.control

    def take_card(self) -> None:
        """Take the card away."""
        self._control.remove()
        time.sleep(0.6)

    def sign_in_by_card(self) -> None:
        """Lay the card down on the attract screen: the kiosk greets.

        Whoever comes again finds the kiosk as the next person would, and chooses the language again.
        """
        time.sleep(0.5)
        if self.glass.look()["language"] != self.language:
            self.choose_language()
        self._control.insert("member", self.card_kind)
        self.glass.wait("MemberHome", wait_s=self.patience_s)

    def end_with_card(self) -> None:
        """End with the card still there: the kiosk asks for it; take it."""
        self.glass.touch("bar-end")
        self.glass.wait(overlay="TakeCard")
        self.fetch_card()

    def fetch_card(self) -> None:
        """Take the card that the kiosk asks for."""
        self._control.remove()
        self.glass.wait_for(lambda seen: seen["state"] == "Attract" and seen["overlay"] is None, "the attract screen")
