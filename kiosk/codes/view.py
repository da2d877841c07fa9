"""What all the codes in view mean together, and whether that is news: pure but for what it remembers, which is digests only."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from kiosk.codes.kinds import CodeKind, KnownCode, told_apart

GONE_AFTER_S: Final = 1.5
"""A code that is out of view so long and comes back is shown anew; less is a hand that trembles."""
KEPT_S: Final = 2.0
"""A camera that is off for longer, as between two visits, begins anew."""
_OWN: Final = (CodeKind.MEMBER, CodeKind.RECEIPT, CodeKind.CASE)
_OTHERS: Final = (CodeKind.PAYMENT, CodeKind.COUPON, CodeKind.PRODUCT, CodeKind.FOREIGN)


class Showing(StrEnum):
    """Beyond a single code."""

    SEVERAL = "several"


@dataclass(frozen=True, slots=True, repr=False)
class Seen:
    """What is shown: one code, or SEVERAL of ours that differ."""

    code: KnownCode | None

    @property
    def name(self) -> str:
        """Kind, or "several"; says nothing of the content."""
        return self.code.kind.value if self.code else Showing.SEVERAL.value


def meaning(contents: Iterable[bytes]) -> Seen | None:
    """Return what the codes in view mean; None where there is none.

    A code of ours beside a strange one is taken: a poster hangs behind whoever stands there. Two different codes of ours are not.
    The same code twice is one.
    """
    codes = [told_apart(content) for content in set(contents)]
    own = [code for code in codes if code.kind in _OWN]
    if len(own) > 1:
        return Seen(None)
    if own:
        return Seen(own[0])
    return next((Seen(KnownCode(kind)) for kind in _OTHERS for code in codes if code.kind is kind), None)


class View:
    """Tells what is new in view, so that a code that is held still is told of once. Thread: loop."""

    def __init__(self) -> None:
        self._last: frozenset[bytes] = frozenset()
        self._last_seen_s = 0.0

    def news(self, contents: Iterable[bytes], now_s: float) -> Seen | None:
        """Return what the codes in view mean, where it is not what was told last."""
        found = set(contents)
        if not found:
            if now_s - self._last_seen_s > GONE_AFTER_S:
                self._last = frozenset()
            return None
        digests = frozenset(hashlib.sha256(content).digest()[:8] for content in found)
        # One of two codes that is not read in one frame is no news.
        is_known = digests <= self._last and now_s - self._last_seen_s <= GONE_AFTER_S
        self._last_seen_s = now_s
        if is_known:
            return None
        self._last = digests
        return meaning(found)

    def resumed(self, off_for_s: float, now_s: float) -> None:
        """The camera is on again after so many seconds: what was told just before is still held there, and is no news.

        Else a code that was refused would be asked about again and again, as long as it is held.
        """
        if off_for_s > KEPT_S:
            self._last = frozenset()
        self._last_seen_s = now_s
