"""Kill -9 of kiosk and service at each step of the journey, then restart: the member goes on and has exactly one good card.

The steps are those of a run that nobody disturbs, so a new one is covered by itself. The gate takes a spread of them that has
every write; `make verify` takes all. While somebody lies dead, and at the end, the records are read as their owner.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from tests.support.forked_world import KIOSK, SERVICE
from tests.support.kill_stage import Kill, Plot, Stage, Step, Victim

pytestmark = [pytest.mark.e2e, pytest.mark.emulator, pytest.mark.timeout(600)]

# In the gate: every so many steps of those that write nothing.
KIOSK_SPREAD, SERVICE_SPREAD = 25, 30


@dataclass(frozen=True, slots=True)
class Played:
    """A stage, the steps of its journey, and where figures are said."""

    stage: Stage
    steps: list[Step]
    figures: Callable[[str], None]
    plot: Plot = Plot.JOIN

    def gone_wrong(self, kills: list[Kill]) -> list[str]:
        """Play every case; return what went wrong, the whole of the first and a line of each other."""
        wrong = []
        for kill in kills:
            try:
                self.stage.play(kill, self.plot)
            except AssertionError as error:
                wrong.append(str(error))
        self.stage.audit_is_good()
        victims = " and ".join(sorted({kill.victim for kill in kills}))
        self.figures(f"{victims} killed in {len(kills)} cases of {self.plot}; the journey has {len(self.steps)} steps")
        return [*wrong[:1], *(said.split("\n")[0] for said in wrong[1:])]


@pytest.fixture
def played(stage: Stage, steps: list[Step], figures: Callable[[str], None]) -> Played:
    return Played(stage, steps, figures)


def at_kiosk(steps: list[Step]) -> list[Step]:
    return [step for step in steps if step.process == KIOSK]


def spread(steps: list[Step], every: int, first: int, always: tuple[str, ...]) -> list[Step]:
    """Return every so many steps, and those that begin so."""
    return [step for number, step in enumerate(steps) if number % every == first or step.label.startswith(always)]


def test_the_journey_has_the_steps_that_matter(steps: list[Step]) -> None:
    seen = {(step.process, step.label.split()[0]) for step in steps}
    assert seen == {*((KIOSK, kind) for kind in ("state", "effect", "call", "journal", "batch")), (SERVICE, "write")}
    labels = {step.label for step in steps}
    assert {"call SubmitApplication sending", "journal confirm_issue open", "write issuing.Issuing.confirm committed"} <= labels
    assert len(steps) > 150


def test_the_kiosk_dies_at_a_spread_of_steps(played: Played, steps: list[Step]) -> None:
    chosen = spread(at_kiosk(steps), KIOSK_SPREAD, 0, ("journal",))
    assert played.gone_wrong([Kill(Victim.KIOSK, step) for step in chosen]) == []


def test_the_service_dies_at_a_spread_of_the_kiosks_steps(played: Played, steps: list[Step]) -> None:
    chosen = spread(at_kiosk(steps), SERVICE_SPREAD, SERVICE_SPREAD // 2, ())
    assert played.gone_wrong([Kill(Victim.SERVICE, step) for step in chosen]) == []


def test_the_service_dies_before_and_after_every_second_commit(played: Played, steps: list[Step]) -> None:
    writes = [step for step in steps if step.process == SERVICE]
    assert played.gone_wrong([Kill(Victim.SERVICE, step) for place, step in enumerate(writes) if place // 2 % 2 == 0]) == []


def test_pcscd_dies_in_the_middle_of_a_personalisation(played: Played, steps: list[Step]) -> None:
    relayed = [step for step in steps if step.label == "batch sending"]
    assert played.gone_wrong([Kill(Victim.PCSCD, relayed[len(relayed) // 2])]) == []


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_the_kiosk_dies_at_every_step(played: Played, steps: list[Step]) -> None:
    assert played.gone_wrong([Kill(Victim.KIOSK, step) for step in at_kiosk(steps)]) == []


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_the_service_dies_at_every_step_of_the_kiosk(played: Played, steps: list[Step]) -> None:
    assert played.gone_wrong([Kill(Victim.SERVICE, step) for step in at_kiosk(steps)]) == []


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_the_service_dies_before_and_after_each_commit(played: Played, steps: list[Step]) -> None:
    writes = [step for step in steps if step.process == SERVICE]
    assert played.gone_wrong([Kill(Victim.SERVICE, step) for step in writes]) == []


@pytest.mark.long
@pytest.mark.timeout(600)
def test_pcscd_dies_before_every_batch(played: Played, steps: list[Step]) -> None:
    relayed = [step for step in steps if step.label.startswith("batch")]
    assert played.gone_wrong([Kill(Victim.PCSCD, step) for step in relayed]) == []
