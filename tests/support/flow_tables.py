"""The table of a flow as text: what every event does to every state.

`python -m tests.support.flow_tables` writes the tables to tests/data/flows; a change of a journey shows there as a diff.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from kiosk.flows.step import Flow, Go, Step
from tests.support.flow_samples import FLOWS, SAMPLES

FOLDER = Path(__file__).parents[1] / "data" / "flows"


def _effect(effect: Any) -> str:
    return f"Go({type(effect.place).__name__})" if isinstance(effect, Go) else type(effect).__name__


def _cell(before: Any, step: Step) -> str:
    effects = " ".join(map(_effect, step.effects))
    if step.state == before and not effects:
        return "-"
    return f"{type(step.state).__name__}{' ! ' + effects if effects else ''}"


def table(flow: Flow) -> str:
    """Return one line for each pair: state, event, next state and effects; "-" where nothing happens."""
    lines = []
    for state in flow.states:
        for event in flow.events:
            before = SAMPLES[state]
            lines.append(f"{state.__name__}\t{event.__name__}\t{_cell(before, flow.step(before, SAMPLES[event]))}")
    return "\n".join(lines) + "\n"


def path_of(flow: Flow) -> Path:
    """Return where a flow's table is kept."""
    return FOLDER / f"{flow.name}.tsv"


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    for written in FLOWS:
        path_of(written).write_text(table(written), encoding="utf-8")
