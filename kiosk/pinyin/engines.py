"""The engines that a kiosk's keyboard has: one for names, one for everything else; which field uses which is not known here."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kiosk.pinyin.api import PinyinUnavailable
from kiosk.pinyin.names import NameEngine
from kiosk.pinyin.rime import RimeLibrary

if TYPE_CHECKING:
    from pathlib import Path

    from kiosk.pinyin.api import CandidateEngine

_LOG = logging.getLogger(__name__)


@dataclass(slots=True)
class Engines:
    """Both engines, each with a composition of its own.

    Attributes:
        names: for the name field.
        general: for addresses and other text; a second name engine where librime is missing, which still reaches every character.
        missing: why `general` is only that, in words for the technician; None where librime runs.
    """

    names: CandidateEngine
    general: CandidateEngine
    missing: str | None = None
    _library: RimeLibrary | None = field(default=None, repr=False)

    def clear(self) -> None:
        """Wipe both compositions."""
        self.names.clear()
        self.general.clear()

    def close(self) -> None:
        """Wipe and release both; no other call may follow."""
        self.names.close()
        self.general.close()
        if self._library:
            self._library.close()


def open_engines(cache: Path, *, traditional: bool = False) -> Engines:
    """Open both; blocks about half a second, so it belongs to the splash. One at a time in a process.

    Args:
        cache: directory for librime's compiled dictionaries, the same for everybody and without personal data.
        traditional: 繁體 candidates in the general engine; names are offered in 简体.
    """
    try:
        library = RimeLibrary.start(cache)
    except PinyinUnavailable as error:
        _LOG.warning("general Chinese input is missing, the name mode serves all fields: %s", error)
        return Engines(NameEngine.load(), NameEngine.load(), missing=str(error))
    return Engines(NameEngine.load(), library.engine(traditional=traditional), _library=library)
