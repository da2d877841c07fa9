"""Request ids of this session's intents: one intent keeps one id over all its attempts."""

from __future__ import annotations

from kiosk.ports.clock import RequestIds
from kiosk.ports.values import RequestId


class Intents:
    """Gives equal effects the same id until the session forgets them."""

    def __init__(self, ids: RequestIds) -> None:
        self._ids = ids
        self._known: dict[object, RequestId] = {}

    def id_of(self, effect: object) -> RequestId:
        """Return the id of an intent; a new one where this effect was not seen in this journey."""
        return self._known.setdefault(effect, self._ids.new())

    def forget(self) -> None:
        """Forget all: the journey is over."""
        self._known.clear()
