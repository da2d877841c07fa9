"""What a journey is made of: states, events, effects and the table that joins them.

A flow is a total table: every pair of its state types and event types is either a rule or stays as it is.
States and effects are frozen values; only the session performs effects.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from kiosk.ports.values import CardSeen, Reason


class State(Protocol):
    """A state of a flow: a frozen dataclass."""


class Event(Protocol):
    """Something that happened: a frozen dataclass."""


class Effect(Protocol):
    """Something that the session is to do: a frozen dataclass."""


@dataclass(frozen=True, slots=True)
class Step:
    """Result of a step: where the flow stands now and what is to be done."""

    state: Any
    effects: tuple[Any, ...] = ()


Rule = Callable[[Any, Any], Step]


@dataclass(frozen=True)
class Flow:
    """A journey as a table.

    Attributes:
        name: Name in logs and on call-staff messages; no personal data.
        states: Every state type.
        events: Every event type that may reach it.
        rules: What happens; a pair that is absent leaves the state as it is, without effects.
    """

    name: str
    states: tuple[type, ...]
    events: tuple[type, ...]
    rules: Mapping[tuple[type, type], Rule] = field(repr=False)

    def __post_init__(self) -> None:
        """Refuse a rule for a state or an event that the flow does not name."""
        for state, event in self.rules:
            if state not in self.states or event not in self.events:
                raise TypeError(f"{self.name}: rule for unknown pair {state.__name__}, {event.__name__}")

    def step(self, state: Any, event: Any) -> Step:
        """Return the next state and effects; every pair is defined."""
        rule = self.rules.get((type(state), type(event)))
        return rule(state, event) if rule else Step(state)


# Events that may reach every flow.


@dataclass(frozen=True, slots=True)
class Back:
    """The member went one step back."""


@dataclass(frozen=True, slots=True)
class Continued:
    """The screen's one next step."""


@dataclass(frozen=True, slots=True)
class RetryChosen:
    """Again, please."""


@dataclass(frozen=True, slots=True)
class CardInserted:
    """A card lies on the reader."""

    card: CardSeen


@dataclass(frozen=True, slots=True)
class CardRemoved:
    """No card lies on the reader any more."""


@dataclass(frozen=True, slots=True)
class CardTrouble:
    """The reader reports something that no journey can use: two cards, a card that does not answer, no reader."""

    reason: Reason


@dataclass(frozen=True, slots=True)
class DeskRefused:
    """The centre answered no to the last effect."""

    reason: Reason
    findings: tuple[Any, ...] = ()
    retry_after_s: int = 0
    tries_left: int = -1
    on_day: str = ""
    points: int = 0


@dataclass(frozen=True, slots=True)
class DeskUnreachable:
    """No answer from the centre to the last effect; it may have been applied."""


@dataclass(frozen=True, slots=True)
class TimeIsUp:
    """A wait that the flow asked for is over."""

    name: str


@dataclass(frozen=True, slots=True)
class LanguageSwitched:
    """The member chose another language; texts that the centre wrote must be asked for again."""

    language: Any


# Effects that every flow may ask for.


@dataclass(frozen=True, slots=True)
class Wait:
    """Send TimeIsUp(name) after `seconds`; a second wait of the same name replaces the first."""

    name: str
    seconds: float


@dataclass(frozen=True, slots=True)
class StopWait:
    """Forget a wait."""

    name: str


@dataclass(frozen=True, slots=True)
class StaffWanted:
    """Call staff, as the button does: something is to be handed over."""


@dataclass(frozen=True, slots=True)
class Go:
    """Leave this flow for another place (kiosk.flows.places)."""

    place: Any


COMMON_EVENTS: tuple[type, ...] = (
    Back,
    Continued,
    RetryChosen,
    CardInserted,
    CardRemoved,
    CardTrouble,
    DeskRefused,
    DeskUnreachable,
    TimeIsUp,
    LanguageSwitched,
)
