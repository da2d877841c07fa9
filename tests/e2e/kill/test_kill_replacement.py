"""Kill -9 of kiosk and service at each step of reporting a lost card and having a new one written: one report, one good card, all points.

As in test_kill: the steps are those of a run that nobody disturbs, the gate takes a spread of them that has every write.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.e2e.kill.test_kill import Played, at_kiosk, spread
from tests.support.forked_world import KIOSK, SERVICE
from tests.support.kill_stage import Kill, Plot, Stage, Step, Victim

pytestmark = [pytest.mark.e2e, pytest.mark.emulator, pytest.mark.timeout(600)]

KIOSK_SPREAD = 120
REPLACE = Plot.REPLACE


@pytest.fixture(scope="module")
def steps(stage: Stage) -> list[Step]:
    """Every step of the journey, in order."""
    return stage.play(plot=REPLACE).steps


@pytest.fixture
def played(stage: Stage, steps: list[Step], figures: Callable[[str], None]) -> Played:
    return Played(stage, steps, figures, REPLACE)


def test_the_journey_has_the_steps_that_matter(steps: list[Step]) -> None:
    assert {step.process for step in steps} == {KIOSK, SERVICE}
    labels = {step.label for step in steps}
    assert {
        "call ReportLost sending",
        "call ReplaceCard answered",
        "write lost_cards.LostCards.report committed",
        "write lost_cards.LostCards.replace uncommitted",
        "write issuing.Issuing.confirm committed",
        "journal confirm_issue open",
    } <= labels, sorted(labels)


@pytest.mark.long
def test_the_kiosk_dies_at_a_spread_of_steps(played: Played, steps: list[Step]) -> None:
    chosen = spread(at_kiosk(steps), KIOSK_SPREAD, 0, ("journal", "call ReportLost", "call ReplaceCard"))
    assert played.gone_wrong([Kill(Victim.KIOSK, step) for step in chosen]) == []


def test_the_service_dies_before_and_after_each_commit_of_a_lost_card(played: Played, steps: list[Step]) -> None:
    writes = [step for step in steps if step.process == SERVICE and "lost_cards" in step.label]
    assert played.gone_wrong([Kill(Victim.SERVICE, step) for step in writes]) == []


@pytest.mark.long
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("victim", [Victim.KIOSK, Victim.SERVICE])
def test_the_one_or_the_other_dies_at_every_step_of_the_kiosk(played: Played, steps: list[Step], victim: Victim) -> None:
    assert played.gone_wrong([Kill(victim, step) for step in at_kiosk(steps)]) == []


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_the_service_dies_before_and_after_every_commit(played: Played, steps: list[Step]) -> None:
    writes = [step for step in steps if step.process == SERVICE]
    assert played.gone_wrong([Kill(Victim.SERVICE, step) for step in writes]) == []
