"""One installation whose kiosk and service are killed at a chosen step while a member joins; then the member goes on.

Plays the member's hands (card, phone, waiting), hears every step, kills, starts again, and looks at the records while somebody
lies dead and at the end. Knows processes and steps; which steps there are it learns from a run that nobody disturbs.
"""

from __future__ import annotations

import json
import os
import signal
import time
from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from server_stub.app import Composition, compose
from server_stub.config import load
from tests.journey.glass import JourneyFailed
from tests.journey.world import World
from tests.support.announced_service import AHEAD
from tests.support.autopilot_steps import CHANNEL
from tests.support.fork_server import Forked, ForkServer, wait_for
from tests.support.records import Owner, open_intents
from tests.support.step_listener import Heard, StepListener

CASE_S = 40.0
SETTLED_S = 5.0
KIOSK, SERVICE, PCSCD = "kiosk", "service", "pcscd"


class Victim(StrEnum):
    """What is killed when the step is reached."""

    KIOSK = "kiosk"
    SERVICE = "service"
    PCSCD = "pcscd"


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
        return f"card-{self.number}"

    @property
    def email(self) -> str:
        return f"m{self.number}@example.cn"


class Stage:
    """The installation. Blocking; one case after the other."""

    def __init__(self, folder: Path) -> None:
        self.world = World(folder, with_printer=False)
        self._first_number = 10_000
        self._kiosk: Forked | None = None
        self._service: Forked | None = None
        self._lies = ""

    def __enter__(self) -> Stage:
        world = self.world
        try:
            world.start_outside()
            world.run_service_command("develop", "--kiosk-dir", str(world.folder / "kiosk" / "identity"))
            self._ahead = world.folder / "ahead"
            self._seconds = 0.0
            self.wait(0)
            self.listener = StepListener(world.folder)
            self._lines = {name: self.listener.listen(name) for name in (KIOSK, SERVICE)}
            logs = world.folder / "logs"
            self._services = ForkServer("tests.support.announced_service", logs)
            self._kiosks = ForkServer("tests.support.autopilot_kiosk", logs)
            self.start_service()
            self.parts: Composition = compose(load(environment=world._service_environment()))
            self.owner = Owner(self.parts, world.folder / "cards" / "cards")
        except BaseException:
            world.close()
            raise
        return self

    def __exit__(self, *_about: object) -> None:
        self.parts.close()
        for process in (self._kiosk, self._service):
            if process is not None and process.is_running:
                process.signal(signal.SIGKILL)
        self._kiosks.close()
        self._services.close()
        self.listener.close()
        self.world.close()

    # Processes.

    def start_service(self) -> None:
        """Start the service on the port that the kiosk knows."""
        ready = self.world.folder / "service-port"
        port = ready.read_text(encoding="utf-8") if ready.exists() else "0"
        ready.unlink(missing_ok=True)
        environment = {**os.environ, **self.world._service_environment(), "MEMBER_SERVICE_LISTEN__PORT": port}
        environment |= {AHEAD: str(self._ahead), CHANNEL: self._lines[SERVICE]}
        self._service = self._services.start(["serve"], environment)
        wait_for(ready, self._service, self._services.log)

    def start_kiosk(self, case: Case) -> None:
        """Start the kiosk with the member of the case in front of it."""
        facts = {"mobile": case.mobile, "name": "欧阳小满", "email": case.email, "card_lies": bool(self._lies)}
        environment = {name: value for name, value in os.environ.items() if not name.startswith("KIOSK_")}
        environment |= self.world._kiosk_environment("")
        environment |= {CHANNEL: self._lines[KIOSK], "AUTOPILOT_MEMBER": json.dumps(facts)}
        self._kiosk = self._kiosks.start([], environment)

    def wait(self, seconds: float) -> None:
        """Let the service's time pass."""
        self._seconds += seconds
        beside = self._ahead.with_suffix(".new")
        beside.write_text(f"{self._seconds}", encoding="utf-8")
        beside.replace(self._ahead)

    # One case.

    def play(self, kill: Kill | None = None) -> Case:
        """Play one member's journey to the end and check everything; returns what happened.

        Raises:
            AssertionError: it did not come to its end, or a rule is broken.
        """
        self._first_number += 1
        case = Case(self._first_number, kill)
        # Never more codes in an hour than one device may ask for.
        self.wait(240)
        self.start_kiosk(case)
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
            assert self._kiosk is not None
            assert self._kiosk.is_running, "the kiosk ended by itself"
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
                assert self._kiosk is not None
                self._kiosk.kill()
                self.listener.forget(KIOSK)
                self._look_while_dead(case)
                self.start_kiosk(case)
            case Victim.SERVICE:
                assert self._service is not None
                self._service.kill()
                self.listener.forget(SERVICE)
                self._look_while_dead(case)
                self.start_service()
            case Victim.PCSCD:
                assert self.world.pcscd is not None
                self.world.pcscd.kill()
                self._look_while_dead(case)
                self.world.pcscd.start()

    def _look_while_dead(self, case: Case) -> None:
        self.owner.check_always()
        if (self.world.folder / "cards" / "cards" / f"{case.card}.json").exists():
            self.owner.check_card(case.card)

    # Hands.

    def _help(self, case: Case, need: str, more: dict[str, Any]) -> dict[str, Any]:
        match need:
            case "lay":
                self._lay(case.card)
            case "hurry":
                # To take a card and lay it down again costs a second, which shows nothing once the kill is behind.
                return {"is_in_hurry": case.is_killed}
            case "take":
                self._take_off()
            case "wait":
                self.wait(more["seconds"])
            case "code":
                case.used_code = self.world.code_for(case.e164, after=case.used_code)
                return {"code": case.used_code}
            case other:
                raise AssertionError(f"no hand for {other}")
        return {}

    def _lay(self, card: str) -> None:
        assert self.world.cards is not None
        if self._lies != card:
            self.world.cards.control.insert(card)
            self._lies = card

    def _take_off(self) -> None:
        assert self.world.cards is not None
        if self._lies:
            self.world.cards.control.remove()
            self._lies = ""

    # Afterwards.

    def _check(self, case: Case) -> None:
        assert case.homes, "the member never saw the own membership"
        assert {tuple(home) for home in case.homes} == {(200, 0, "active", 2, "basic")}, case.homes
        self.owner.check_always()
        self.owner.check_member(case.e164, case.card)
        self.owner.check_audit()
        end = time.monotonic() + SETTLED_S
        journal = self.world.folder / "kiosk" / "journal.db"
        while opened := open_intents(journal):
            assert time.monotonic() < end, f"open intents in the journal: {opened}"
            for heard in self.listener.hear(0.05):
                self._take(case, heard)

    def audit_is_good(self) -> None:
        """Run `audit verify` as its owner would; raises where it finds something wrong."""
        report = json.loads(self.world.run_service_command("audit", "verify", "--json"))
        assert report["good"], report

    def _clear(self) -> None:
        if self._kiosk is not None:
            self._kiosk.kill()
            self.listener.forget(KIOSK)
        if self._service is None or not self._service.is_running:
            self.start_service()
        self._take_off()

    def _tail(self, case: Case) -> str:
        steps = "\n".join(str(step) for step in case.steps[-12:])
        return f"last steps:\n{steps}\nkiosk says:\n{self._kiosks.log()}\nservice says:\n{self._services.log(1500)}"
