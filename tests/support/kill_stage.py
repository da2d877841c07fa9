"""One installation whose kiosk and service are killed at a chosen step of a member's journey; then the member goes on.

The journeys are joining, and reporting a lost card and having a new one written.

Plays the member's hands (card, phone, waiting), hears every step, kills, starts again, and looks at the records while somebody
lies dead and at the end. Knows processes and steps; which steps there are it learns from a run that nobody disturbs.
"""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, assert_never

from tests.journey.glass import JourneyFailed
from tests.support.forked_world import ForkedWorld
from tests.support.records import open_intents
from tests.support.residents import Residents
from tests.support.step_listener import Heard

# On a machine that is busy with other things; a journey that nothing stops takes a few seconds.
CASE_S = 180.0
CODE_S = 60.0
SETTLED_S = 30.0


class Victim(StrEnum):
    """What is killed when the step is reached."""

    KIOSK = "kiosk"
    SERVICE = "service"
    PCSCD = "pcscd"


class Plot(StrEnum):
    """What the member comes for."""

    JOIN = "join"
    REPLACE = "replace"


@dataclass(frozen=True, slots=True)
class Step:
    """A step by its name and which time it is passed, so that other steps may come or go before it."""

    process: str
    label: str
    time: int

    def __str__(self) -> str:
        return f"{self.process}: {self.label} #{self.time}"


@dataclass(frozen=True, slots=True)
class Kill:
    """Who dies where."""

    victim: Victim
    at: Step

    def __str__(self) -> str:
        return f"{self.victim} killed at {self.at}"


@dataclass(slots=True)
class Case:
    """One member's journey."""

    number: int
    kill: Kill | None
    plot: Plot = Plot.JOIN
    steps: list[Step] = field(default_factory=list)
    passed: Counter[tuple[str, str]] = field(default_factory=Counter)
    homes: list[list[Any]] = field(default_factory=list)
    is_killed: bool = False
    is_over: bool = False
    used_code: str = ""

    @property
    def mobile(self) -> str:
        return f"138{self.number:08d}"

    @property
    def e164(self) -> str:
        return f"+86{self.mobile}"

    @property
    def card(self) -> str:
        """The card that is written."""
        return f"card-{self.number}"

    @property
    def lost_card(self) -> str:
        """The one that is lost, where one is."""
        return f"lost-{self.number}"

    @property
    def email(self) -> str:
        return f"m{self.number}@example.cn"


class Stage(ForkedWorld):
    """The installation with a member in front of its kiosk. Blocking; one case after the other."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, "tests.support.autopilot_kiosk", has_announced_service=True)
        self._last_number = 10_000

    # One case.

    def play(self, kill: Kill | None = None, plot: Plot = Plot.JOIN) -> Case:
        """Play one member's journey to the end and check everything; returns what happened.

        Raises:
            AssertionError: it did not come to its end, or a rule is broken.
        """
        self._last_number += 1
        case = Case(self._last_number, kill, plot)
        # Never more codes in an hour than one device may ask for.
        self.wait(240)
        if plot is Plot.REPLACE:
            self._settle(case)
        self._begin(case)
        try:
            self._follow(case)
            assert kill is None or case.is_killed, "the step was not reached"
            self._check(case)
        except (AssertionError, JourneyFailed) as error:
            raise AssertionError(f"{kill}: {error}\n{self._tail(case)}") from error
        finally:
            self._clear()
        return case

    def _follow(self, case: Case) -> None:
        end = time.monotonic() + CASE_S
        while not case.is_over:
            assert time.monotonic() < end, "the journey does not come to its end"
            assert self.kiosk is not None
            assert self.kiosk.is_running, "the kiosk ended by itself"
            for heard in self.listener.hear(0.5):
                self._take(case, heard)

    def _take(self, case: Case, heard: Heard) -> None:
        match heard.message:
            case {"step": label}:
                self._step(case, heard, label)
            case {"need": need, **more}:
                heard.answer(**self._help(case, need, more))
            case {"home": found, "by_card": by_card}:
                case.homes.append(found)
                # Whoever was killed has been, and the member is greeted: what follows is another case's.
                case.is_over = case.is_killed and by_card
                heard.answer()
            case {"end": _}:
                case.is_over = True
                heard.answer()
            case other:
                raise AssertionError(f"the member does not know how to go on: {other}")

    def _step(self, case: Case, heard: Heard, label: str) -> None:
        key = (heard.process, label)
        case.passed[key] += 1
        step = Step(*key, case.passed[key])
        case.steps.append(step)
        if case.kill is not None and not case.is_killed and step == case.kill.at:
            case.is_killed = True
            self._die(case, case.kill.victim)
        heard.answer()

    def _die(self, case: Case, victim: Victim) -> None:
        match victim:
            case Victim.KIOSK:
                self.kill_kiosk()
                self._look_while_dead(case)
                self._begin(case)
            case Victim.SERVICE:
                self.kill_service()
                self._look_while_dead(case)
                self.start_service()
            case Victim.PCSCD:
                assert self.world.pcscd is not None
                self.world.pcscd.kill()
                self._look_while_dead(case)
                self.world.pcscd.start()

    def _look_while_dead(self, case: Case) -> None:
        self.owner.check_always()
        if (self.cards / f"{case.card}.json").exists():
            self.owner.check_card(case.card)

    # Hands.

    def _help(self, case: Case, need: str, more: dict[str, Any]) -> dict[str, Any]:
        match need:
            case "lay":
                if self.lies() != case.card:
                    self.lay(case.card)
            case "hurry":
                # To take a card and lay it down again costs a second, which shows nothing once the kill is behind.
                return {"is_in_hurry": case.is_killed}
            case "take":
                self.take_off()
            case "wait":
                self.wait(more["seconds"])
            case "code":
                case.used_code = self._code(case)
                return {"code": case.used_code}
            case other:
                raise AssertionError(f"no hand for {other}")
        return {}

    def _code(self, case: Case) -> str:
        """Return the code on the phone, and go on listening meanwhile.

        A service that was started again announces writes of its own, and the one that waits for an answer holds the only connection
        that writes: the message could not be taken out of the outbox.
        """
        end = time.monotonic() + CODE_S
        while not (code := self.world.newest_code(case.e164, after=case.used_code)):
            assert time.monotonic() < end, "no code came to the phone"
            for heard in self.listener.hear(0.05):
                self._take(case, heard)
        return code

    # Afterwards.

    def _check(self, case: Case) -> None:
        assert case.homes, "the member never saw the own membership"
        assert {tuple(home) for home in case.homes} == {(200, 0, "active", 2, "basic")}, case.homes
        self.owner.check_always()
        match case.plot:
            case Plot.JOIN:
                self.owner.check_member(case.e164, case.card)
            case Plot.REPLACE:
                self.owner.check_replaced(case.e164, case.lost_card, case.card)
            case other:
                assert_never(other)
        self.owner.check_audit()
        end = time.monotonic() + SETTLED_S
        while opened := open_intents(self.journal):
            assert time.monotonic() < end, f"open intents in the journal: {opened}"
            for heard in self.listener.hear(0.05):
                self._take(case, heard)

    def _begin(self, case: Case) -> None:
        has_lost = case.plot is Plot.REPLACE
        facts = {"mobile": case.mobile, "name": "欧阳小满", "email": case.email, "card_lies": bool(self.lies()), "has_lost": has_lost}
        self.start_kiosk(facts)

    def _settle(self, case: Case) -> None:
        """Have the member join and get the card that will be lost, with the service away: only the steps of the journey are counted."""
        self.kill_service()
        Residents(self.parts, self.cards, self.wait).join("欧阳小满", case.mobile, case.lost_card)
        self.start_service()
        # Another code for the same number takes a minute.
        self.wait(61)

    def _clear(self) -> None:
        self.kill_kiosk()
        if self.service is None or not self.service.is_running:
            self.start_service()
        self.take_off()

    def _tail(self, case: Case) -> str:
        steps = "\n".join(str(step) for step in case.steps[-12:])
        return f"last steps:\n{steps}\n{self.logs()}"
