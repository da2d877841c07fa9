"""Asking for the notice in force: the step from which every consent begins."""

from __future__ import annotations

from dataclasses import replace

from kiosk.flows.register.state import LoadingNotice, LoadNotice
from kiosk.flows.step import Step
from kiosk.ports.values import Draft, Reason


def load_notice(draft: Draft, again: Reason | None = None) -> Step:
    """Return the step that asks the centre; `again` says why it has to be read once more."""
    # A notice that was read in another version or language was not agreed to: choices begin anew, what was typed stays.
    fresh = replace(draft, notice=None, consents=frozenset())
    return Step(LoadingNotice(fresh, again), (LoadNotice(fresh.age_band),))
