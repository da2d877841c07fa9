"""Touches that belong to the session and not to a journey."""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.ports.values import Language


@dataclass(frozen=True, slots=True)
class Touched:
    """Somebody touched anything: the idle time begins anew."""


@dataclass(frozen=True, slots=True)
class LanguageChosen:
    """Another language; session-scoped."""

    language: Language


@dataclass(frozen=True, slots=True)
class LargeTypeToggled:
    """Large type on or off; session-scoped."""


@dataclass(frozen=True, slots=True)
class VoiceToggled:
    """Voice on or off; session-scoped."""


@dataclass(frozen=True, slots=True)
class StaffCalled:
    """Call staff."""


@dataclass(frozen=True, slots=True)
class EndChosen:
    """End use: at once where nothing is under way, else after a question."""


@dataclass(frozen=True, slots=True)
class EndConfirmed:
    """Yes, end."""


@dataclass(frozen=True, slots=True)
class StayChosen:
    """Stay, or: do not end."""


SessionEvent = Touched | LanguageChosen | LargeTypeToggled | VoiceToggled | StaffCalled | EndChosen | EndConfirmed | StayChosen
