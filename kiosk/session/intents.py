"""What this session wants of the centre: one intent keeps its id and its language until the centre's answer is known."""

from __future__ import annotations

from kiosk.ports.clock import RequestIds
from kiosk.ports.values import Language, RequestId


class Intents:
    """Gives equal effects the same id as long as it is not known what became of the first.

    An answered intent is over: the same effect again is a new wish, e.g. another code for the same number.
    """

    def __init__(self, ids: RequestIds) -> None:
        self._ids = ids
        self._known: dict[object, RequestId] = {}
        self._languages: dict[object, Language] = {}

    def id_of(self, effect: object) -> RequestId:
        """Return the id of an intent; a new one where none is under way."""
        if effect not in self._known:
            self._known[effect] = self._ids.new()
        return self._known[effect]

    def language_of(self, effect: object, now: Language) -> Language:
        """Return the language of the intent's first attempt: the same id must carry the same request."""
        return self._languages.setdefault(effect, now)

    def settled(self, effect: object) -> None:
        """The centre's answer is known."""
        self._known.pop(effect, None)
        self._languages.pop(effect, None)

    def forget(self) -> None:
        """Forget all: the journey is over."""
        self._known.clear()
        self._languages.clear()
