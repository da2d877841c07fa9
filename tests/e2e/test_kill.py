"""Kill -9 of kiosk or service at each step of the journey, then restart: the member still gets exactly one good card.

The steps are taken from a run that nobody disturbs, so a new step is covered by itself. The gate takes a spread of them,
`make verify` all.
"""

from __future__ import annotations

import itertools
import json
import os
import shutil
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from kiosk.outbox.journal import SqliteJournal
from server_stub.app import Composition, compose
from server_stub.config import load
from server_stub.storage.cards import CardState, cards_of
from server_stub.storage.members import member_by_mobile
from tests.journey.world import PCSC_SOCKET, Daemon, World

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(900)]

WAIT_S = 40.0
SPREAD = 16
"""In the gate every so many steps are taken; the first differs by victim, so that both together see more of them."""
_numbers = itertools.count(1)


@dataclass(slots=True)
class Case:
    """One member and the kiosk process that serves them."""

    world: World
    parts: Composition
    mobile: str
    folder: Path
    kiosk: Daemon | None = None
    laid: list[str] = field(default_factory=list)

    def start(self, begin: str, stop_at: int = 0) -> None:
        self.forget_codes()
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        environment = {
            **self.world._kiosk_environment(os.environ.get("DISPLAY", "")),
            "KIOSK_KIOSK_DATA_DIR": str(self.world.folder / "kiosk" / self.mobile),
            "AUTOPILOT_FOLDER": str(self.folder),
            "AUTOPILOT_GATEWAY": f"http://127.0.0.1:{self.world._port('sms', 'http')}",
            "AUTOPILOT_MOBILE": self.mobile,
            "AUTOPILOT_BEGIN": begin,
            "AUTOPILOT_STOP_AT": str(stop_at),
            "AUTOPILOT_OLD_CODE": self.last_code(),
        }
        assert environment[PCSC_SOCKET]
        command = [sys.executable, "-m", "tests.support.autopilot"]
        self.kiosk = Daemon(f"autopilot-{self.mobile}", command, self.world.folder / "logs", environment)
        self.kiosk.start()

    def last_code(self) -> str:
        answer = self.world._ask_gateway(f"/codes?to=%2B86{self.mobile}")
        return str((answer or {}).get("code") or "")

    def forget_codes(self) -> None:
        """A member would wait a minute for the next code; the test does not."""
        self.parts.database.write(lambda tx: tx.connection.exec_driver_sql("DELETE FROM ownership_code"))

    def card(self) -> Any:
        assert self.world.cards is not None
        return self.world.cards.control

    def until(self, *names: str) -> str:
        """Lay and take the card as the kiosk wants it, until one of these files is there."""
        end = time.monotonic() + WAIT_S
        is_laid = bool(self.laid)
        while time.monotonic() < end:
            for name in names:
                if (self.folder / name).exists():
                    return name
            if (self.folder / "wants").exists() and not is_laid:
                (self.folder / "wants").unlink()
                self.lay()
                is_laid = True
            if (self.folder / "issued").exists() and is_laid:
                (self.folder / "issued").unlink()
                self.take()
                is_laid = False
            time.sleep(0.02)
        raise AssertionError(f"{names} did not come: {(self.folder / 'steps').read_text(encoding='utf-8')[-600:]}")

    def lay(self) -> None:
        self.card().insert(f"card-{self.mobile}")
        self.laid.append(self.mobile)

    def take(self) -> None:
        if self.laid:
            self.card().remove()
            self.laid.clear()
            time.sleep(0.05)

    def prove(self) -> None:
        """One member, one card that is active, one welcome, nothing open; that the card itself is good, signing in by it has shown."""

        def read(tx: Any) -> tuple[Any, Any, int, int]:
            member = member_by_mobile(tx, self.parts.foundation.tokens.mobile(f"+86{self.mobile}"))
            assert member is not None
            query = "SELECT count(*) FROM points_entry e JOIN points_account a USING (account_id) WHERE a.member_id = ?"
            welcomes = tx.connection.exec_driver_sql(query, (member.member_id,)).scalar_one()
            consents = tx.connection.exec_driver_sql(
                "SELECT count(*) FROM consent WHERE application_id = ?", (member.application_id,)
            ).scalar_one()
            return member, cards_of(tx, member.member_id), welcomes, consents

        member, cards, welcomes, consents = self.parts.database.read(read)
        assert [card.state for card in cards if card.state is not CardState.SPOILED] == [CardState.ACTIVE]
        assert member.activated_at is not None
        assert (welcomes, consents > 0) == (1, True)
        journal = SqliteJournal(self.world.folder / "kiosk" / self.mobile / "journal.db")
        assert journal.unsettled() == ()
        journal.close()

    def has_application(self) -> bool:
        token = self.parts.foundation.tokens.mobile(f"+86{self.mobile}")
        return self.parts.database.read(lambda tx: member_by_mobile(tx, token)) is not None


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = Path(tmp_path_factory.mktemp("k"))
    with World(folder, with_printer=False) as installation:
        installation.start_outside()
        installation.start_service()
        yield installation


@pytest.fixture(scope="module")
def parts(world: World) -> Iterator[Composition]:
    composition = compose(load(None, world._service_environment()))
    yield composition
    composition.close()


def new_case(world: World, parts: Composition) -> Case:
    mobile = f"1380013{next(_numbers):04}"
    return Case(world, parts, mobile, world.folder / f"pilot-{mobile}")


def end(case: Case) -> None:
    case.take()
    if case.kiosk is not None:
        case.kiosk.stop()


@pytest.fixture(scope="module")
def steps(world: World, parts: Composition) -> list[str]:
    """The names of all steps, from a run that nobody disturbs."""
    case = new_case(world, parts)
    case.start("join")
    case.until("signed-in")
    end(case)
    case.prove()
    found = (case.folder / "steps").read_text(encoding="utf-8").splitlines()
    print(f"{len(found)} steps")
    return found


def die_at(world: World, parts: Composition, number: int, victim: str) -> None:
    case = new_case(world, parts)
    case.start("join", stop_at=number)
    reached = case.until("stopped", "signed-in")
    assert case.kiosk is not None
    if reached == "stopped" and victim == "kiosk":
        case.kiosk.kill()
        case.start("status" if case.has_application() else "join")
    elif reached == "stopped":
        world.service.kill()
        world.service.start()
        (case.folder / "go").touch()
    case.until("signed-in")
    end(case)
    case.prove()


def walk(world: World, parts: Composition, steps: list[str], victim: str, every: int) -> None:
    first = 1 if victim == "kiosk" else 1 + every // 2
    numbers = range(first, len(steps) + 1, every)
    for number in numbers:
        try:
            die_at(world, parts, number, victim)
        except AssertionError as error:
            raise AssertionError(f"{victim} killed at step {steps[number - 1]}: {error}") from error
    print(f"{victim}: {len(numbers)} of {len(steps)} steps")
    assert json.loads(world.run_service_command("audit", "verify", "--json"))["good"] is True


@pytest.mark.parametrize("victim", ["kiosk", "service"])
def test_a_kill_at_a_spread_of_steps_costs_nobody_a_card(world: World, parts: Composition, steps: list[str], victim: str) -> None:
    walk(world, parts, steps, victim, SPREAD)


@pytest.mark.long
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("victim", ["kiosk", "service"])
def test_a_kill_at_every_step_costs_nobody_a_card(world: World, parts: Composition, steps: list[str], victim: str) -> None:
    walk(world, parts, steps, victim, 1)
