"""Which visits of whoever stands here are open at the centre, and on which page: all are ended when they go.

Not every state holds the token of the visit that led to it: a new card is written by its grant alone. Knows no display and no wire.
"""

from __future__ import annotations

from typing import Any

from kiosk.flows.member.errands import page_of
from kiosk.flows.places import Place


class OpenVisits:
    """The tokens, until the customer is forgotten.

    Attributes:
        page: Name under which a visit that is left now goes on elsewhere.
    """

    def __init__(self) -> None:
        self.page = ""
        self._tokens: dict[str, None] = {}

    def go(self, place: Place, journey: str) -> None:
        """Note where the journey of this name begins."""
        self.page = page_of(place) or journey

    def see(self, state: Any) -> None:
        """Note the visit that a state holds, if it does."""
        token = visit_token(state)
        if token:
            # The one that was seen last stands last: a guardian comes back from a child's visit.
            self._tokens.pop(token, None)
            self._tokens[token] = None

    @property
    def tokens(self) -> tuple[str, ...]:
        """The tokens of all visits; the last one is that of whoever stands here."""
        return tuple(self._tokens)

    def leave(self) -> tuple[str, ...]:
        """Return the tokens of all visits and forget them."""
        tokens = self.tokens
        self._tokens.clear()
        return tokens


def visit_token(state: Any) -> str:
    """Return the token of the visit that a state holds, or an empty string."""
    for holder in ("visitor", "issued"):
        held = getattr(state, holder, None)
        if held is not None:
            return str(held.visit_token)
    return ""
