"""Journeys as scripts: `Journey(FLOW, start).on(event).expect(State).asks(Effect)`; fails at the line that differs."""

from __future__ import annotations

from typing import Any, Self

from kiosk.flows.step import Flow, Go, Step


class Journey:
    """A flow and where it stands."""

    def __init__(self, flow: Flow, start: Step | Any) -> None:
        self.flow = flow
        self.last = start if isinstance(start, Step) else Step(start)

    @property
    def state(self) -> Any:
        """Where the journey stands."""
        return self.last.state

    def on(self, *events: Any) -> Self:
        """Something happens."""
        for event in events:
            self.last = self.flow.step(self.state, event)
        return self

    def expect(self, state: type, **values: Any) -> Self:
        """The journey stands there, with these values."""
        assert type(self.state) is state, f"stands at {type(self.state).__name__}, not at {state.__name__}"
        for name, value in values.items():
            assert getattr(self.state, name) == value, f"{name} is {getattr(self.state, name)!r}, not {value!r}"
        return self

    def asks(self, *effects: type) -> Self:
        """Exactly these effects are asked for by the last step."""
        assert tuple(type(effect) for effect in self.last.effects) == effects, self.last.effects
        return self

    def goes(self, place: type) -> Any:
        """The last step leads to that place; returns it."""
        places = [effect.place for effect in self.last.effects if isinstance(effect, Go)]
        assert len(places) == 1, self.last.effects
        assert isinstance(places[0], place), places
        return places[0]
