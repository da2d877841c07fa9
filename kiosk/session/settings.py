"""Session-wide settings that end with the session."""

from __future__ import annotations

from dataclasses import dataclass, replace

from kiosk.ports.display import Chrome
from kiosk.ports.values import Language, StaffCall


@dataclass(frozen=True, slots=True)
class VisitSettings:
    """What the customer chose for this visit."""

    language: Language = Language.ZH_HANS
    is_large: bool = False
    is_voice_on: bool = False
    staff_call: StaffCall = StaffCall.NONE

    def of_who_left(self) -> VisitSettings:
        """Return what it takes to speak to somebody whose visit is over: language and size; the voice is off again."""
        return VisitSettings(self.language, self.is_large)

    def over(self, chrome: Chrome) -> Chrome:
        """Return the chrome with these choices on it."""
        return replace(chrome, language=self.language, is_large=self.is_large, is_voice_on=self.is_voice_on, staff_call=self.staff_call)
