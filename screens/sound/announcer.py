"""What is heard of what is shown: compares each view with the one before. Knows no file and no player.

A card that is left behind is spoken of whether or not the voice is on; everything else is spoken only while it is. Earcons are heard
always. Nothing of a state but its type, and what was not good about the last try, is looked at, and only fixed texts are said: nothing
personal can be heard. Thread: loop.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from kiosk.ports.display import View
from kiosk.ports.values import StaffCall
from kiosk.texts.voice import Spoken
from screens.sound.prompts import AGAIN, DIALOGS, TAKE_CARD, WAIT, prompt_of, trouble_of

CALLS = {StaffCall.ANSWERED: "staff_answered", StaffCall.UNREACHABLE: "staff_unreachable"}
SOON_S = 0.3
"""Until a prompt begins: the page is drawn first, and an earcon is over by then or lies softly under the first syllable."""
WAIT_AFTER_S = 1.5
"""What takes less is not worth a word."""


class Sounds(Protocol):
    """What makes sounds. Thread: loop."""

    @property
    def is_able(self) -> bool:
        """There is a device to hear it by."""
        ...

    def click(self) -> None:
        """Let a touch be heard."""
        ...

    def ring(self, earcon: str) -> None:
        """Let an earcon be heard."""
        ...

    def say(self, prompt: str, language: str, after_s: float, *, is_repeated: bool = False) -> None:
        """Say a prompt after a while, instead of the one before; `is_repeated`: again and again, a few times."""
        ...

    def hush(self) -> None:
        """Stop what is said and what was to be said."""
        ...


class Silence:
    """A kiosk that is not heard."""

    is_able = False

    def click(self) -> None:
        """Nothing is heard."""

    def ring(self, earcon: str) -> None:
        """Nothing is heard."""

    def say(self, prompt: str, language: str, after_s: float, *, is_repeated: bool = False) -> None:
        """Nothing is heard."""

    def hush(self) -> None:
        """Nothing was heard."""


@dataclass(frozen=True, slots=True)
class _Shown:
    """What matters of a view to the ear."""

    page: str = ""
    trouble: frozenset[object] = frozenset()
    dialog: str = ""
    call: str = ""
    language: str = ""
    is_voice_on: bool = False


class Announcer:
    """Speaks and rings for the router."""

    def __init__(self, sounds: Sounds, spoken: Mapping[str, Spoken]) -> None:
        self._sounds = sounds
        self._spoken = spoken
        self._before = _Shown()

    def follow(self, view: View, state: Any) -> None:
        """Let be heard what is new in `view`; `state` is the one that is drawn."""
        chrome = view.chrome
        dialog = DIALOGS[type(view.overlay)] if view.overlay is not None else ""
        call = CALLS.get(chrome.staff_call, "")
        now = _Shown(prompt_of(state), trouble_of(state), dialog, call, chrome.language.value, chrome.is_voice_on)
        before, self._before = self._before, now
        if now != before:
            self._announce(before, now)

    def wipe(self) -> None:
        """Say nothing more of what was shown."""
        self._sounds.hush()
        self._before = _Shown(call=self._before.call)

    def _announce(self, before: _Shown, now: _Shown) -> None:
        is_anew = (now.language, now.is_voice_on) != (before.language, before.is_voice_on)
        if now.dialog and (now.dialog != before.dialog or is_anew):
            self._tell(now.dialog, now, is_rung=now.dialog != before.dialog)
        elif now.call and now.call != before.call:
            self._tell(now.call, now)
        elif now.dialog:
            pass
        elif now.trouble - before.trouble:
            self._tell(AGAIN, now)
        elif now.page != before.page:
            self._tell(now.page, now)
        elif is_anew:
            self._tell(now.page, now, is_rung=False)
        elif before.dialog:
            self._sounds.hush()

    def _tell(self, prompt: str, now: _Shown, *, is_rung: bool = True) -> None:
        earcon = self._spoken[prompt].earcon
        if now.dialog == TAKE_CARD != prompt:
            # The answer of the staff: the card is still asked for, and what is said of it goes on.
            self._sounds.ring(earcon)
            return
        self._sounds.hush()
        if is_rung and earcon:
            self._sounds.ring(earcon)
        if now.is_voice_on or prompt == TAKE_CARD:
            self._sounds.say(prompt, now.language, WAIT_AFTER_S if prompt == WAIT else SOON_S, is_repeated=prompt == TAKE_CARD)
