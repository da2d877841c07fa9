"""Journeys as pure steps: `step(state, event) -> (state, effects)`; no clock, no wire, no pixel (ADR 0003)."""
