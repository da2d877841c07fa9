"""Kill -9 of kiosk and service at each step of the journey, then restart: the member goes on and has exactly one good card.

The steps are those of a run that nobody disturbs, so a new one is covered by itself. The gate takes a spread of them that has
every write; `make verify` takes all. While somebody lies dead, and at the end, the records are read as their owner.
"""

from __future__ import annotations

import pytest

from tests.support.forked_world import KIOSK, SERVICE
from tests.support.kill_stage import Kill, Plot, Stage, Step, Victim

pytestmark = [pytest.mark.e2e, pytest.mark.emulator, pytest.mark.timeout(600)]

# In the gate: every so many steps of those that write nothing.
KIOSK_SPREAD, SERVICE_SPREAD = 14, 18


def gone_wrong(stage: Stage, kills: list[Kill], all_steps: list[Step], plot: Plot = Plot.JOIN) -> list[str]:
    """Play every case; return what went wrong, the whole of the first and a line of each other."""
    wrong = []
    for kill in kills:
        try:
            stage.play(kill, plot)
        except AssertionError as error:
            wrong.append(str(error))
    stage.audit_is_good()
    victims = " and ".join(sorted({kill.victim for kill in kills}))
    print(f"{victims} killed in {len(kills)} cases of {plot}; the journey has {len(all_steps)} steps")
    return [*wrong[:1], *(said.split("\n")[0] for said in wrong[1:])]


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


def test_the_kiosk_dies_at_a_spread_of_steps(stage: Stage, steps: list[Step]) -> None:
    chosen = spread(at_kiosk(steps), KIOSK_SPREAD, 0, ("journal",))
    assert gone_wrong(stage, [Kill(Victim.KIOSK, step) for step in chosen], steps) == []


def test_the_service_dies_at_a_spread_of_the_kiosks_steps(stage: Stage, steps: list[Step]) -> None:
    chosen = spread(at_kiosk(steps), SERVICE_SPREAD, SERVICE_SPREAD // 2, ())
    assert gone_wrong(stage, [Kill(Victim.SERVICE, step) for step in chosen], steps) == []


def test_the_service_dies_before_and_after_each_commit(stage: Stage, steps: list[Step]) -> None:
    writes = [step for step in steps if step.process == SERVICE]
    assert gone_wrong(stage, [Kill(Victim.SERVICE, step) for step in writes], steps) == []


def test_pcscd_dies_in_the_middle_of_a_personalisation(stage: Stage, steps: list[Step]) -> None:
    relayed = [step for step in steps if step.label == "batch sending"]
    assert gone_wrong(stage, [Kill(Victim.PCSCD, relayed[len(relayed) // 2])], steps) == []


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_the_kiosk_dies_at_every_step(stage: Stage, steps: list[Step]) -> None:
    assert gone_wrong(stage, [Kill(Victim.KIOSK, step) for step in at_kiosk(steps)], steps) == []


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_the_service_dies_at_every_step_of_the_kiosk(stage: Stage, steps: list[Step]) -> None:
    assert gone_wrong(stage, [Kill(Victim.SERVICE, step) for step in at_kiosk(steps)], steps) == []


@pytest.mark.long
@pytest.mark.timeout(600)
def test_pcscd_dies_before_every_batch(stage: Stage, steps: list[Step]) -> None:
    relayed = [step for step in steps if step.label.startswith("batch")]
    assert gone_wrong(stage, [Kill(Victim.PCSCD, step) for step in relayed], steps) == []
