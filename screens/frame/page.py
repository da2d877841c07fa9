"""What every screen is: a stage that shows one view and turns touches into events. Decides nothing, asks nobody."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from kivy.properties import BooleanProperty, NumericProperty, ObjectProperty

from kiosk.ports.display import Chrome
from screens.frame.touch import Choice
from screens.widgets.spoken import unspoken
from screens.widgets.stage import Stage

Send = Callable[[object], None]


class Page(Stage):
    """A screen.

    Attributes:
        tr: Texts in the language of the session.
        is_large: Large type is on.
        step: Which of the five steps of joining this is, 6 where all are done; 0 shows none.
        is_end_primary: Ending is the next step here: nothing else is solid red.
        is_attract: The bar is that of the attract screen.
        has_own_banner: The page itself says that the link is lost or back.
        touches: Event to send by the name of a touch; `act` sends it.
    """

    touches: ClassVar[Mapping[str, Callable[[], object]]] = {}

    tr = ObjectProperty(unspoken)
    is_large = BooleanProperty(False)
    step = NumericProperty(0)
    is_end_primary = BooleanProperty(False)
    is_attract = BooleanProperty(False)
    has_own_banner = BooleanProperty(False)

    def __init__(self, send: Send, **kwargs: Any) -> None:
        """Build the page once; `send` takes the events of touches."""
        self.send = send
        super().__init__(box=[0, 0, 0, 0], **kwargs)

    def act(self, touch: str) -> None:
        """Send the event of a touch."""
        self.send(self.touches[touch]())

    def choose(self, choice: Choice | None) -> None:
        """Send what a button of a table stands for."""
        if choice is not None:
            self.send(choice.event)

    def render(self, state: Any, chrome: Chrome) -> None:
        """Show `state`; called for every view."""

    def enter(self) -> None:
        """The page comes to be seen; clocks of its own start here."""

    def leave(self) -> None:
        """The page is no longer seen; its clocks stop."""

    def wipe(self) -> None:
        """Forget every personal value that the page holds."""

    def conceal(self) -> None:
        """Blank personal values while a dialog lies over the page; the next render brings them back."""
        self.wipe()
