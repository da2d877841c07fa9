"""One line below the head: the link is lost or back, staff are called. Information, never a target."""

from __future__ import annotations

from typing import Any, NamedTuple

from kivy.properties import StringProperty

from screens.widgets.band import Band
from screens.widgets.kv import load_beside


class _Look(NamedTuple):
    """How a piece of news is shown."""

    kind: str
    icon: str


_LOOKS = {
    "offline": _Look("warn", "wifi-slash"),
    "online": _Look("good", "wifi-high"),
    "waiting": _Look("good", "call-bell"),
    "answered": _Look("good", "call-bell"),
    "unreachable": _Look("bad", "storefront"),
}


class NewsLine(Band):
    """The line, 984 x 66. The page below stays where it is: the head makes room for it.

    Attributes:
        news: Which news: offline, online, waiting, answered, unreachable; "" for none.
        text: The news in words.
    """

    news = StringProperty("")
    text = StringProperty("")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.fbind("news", self._choose_look)

    def _choose_look(self, *_args: Any) -> None:
        if self.news:
            self.kind, self.icon = _LOOKS[self.news]


load_beside(__file__)
