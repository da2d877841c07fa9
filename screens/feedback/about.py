"""Where it was and what it is about, each in six cells; the receipt's number above. In large type the two grids take turns."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from kivy.properties import NumericProperty, StringProperty

from kiosk.flows.feedback.state import CategoryChosen, ChoosingAbout, DepartmentChosen, Typed, WritingChosen
from kiosk.flows.step import Back, Continued
from kiosk.ports.display import Chrome
from kiosk.ports.feedback import Category, Department
from screens.frame.page import Page, Send
from screens.widgets.button import PushButton
from screens.widgets.kv import load_beside

DEPARTMENTS_TOP, CATEGORIES_TOP, LARGE_TOP = 1016, 1336, 972


class AboutPage(Page):
    """The page.

    Attributes:
        face: Chosen before.
        receipt_number: Typed before, or "".
        leaf: In large type: 0 the store, 1 the matter.
    """

    touches = {"back": Back, "done": Continued, "receipt_number": lambda: WritingChosen(Typed.RECEIPT_NUMBER)}

    face = NumericProperty(0)
    receipt_number = StringProperty("")
    leaf = NumericProperty(0)

    def __init__(self, send: Send, **kwargs: Any) -> None:
        """Build the cells once."""
        super().__init__(send, **kwargs)
        self._departments = {one: self._make("department", one, place, DEPARTMENTS_TOP) for place, one in enumerate(Department)}
        self._categories = {one: self._make("category", one, place, CATEGORIES_TOP) for place, one in enumerate(Category)}
        for name in ("leaf", "is_large"):
            self.fbind(name, self._show)

    def render(self, state: ChoosingAbout, chrome: Chrome) -> None:  # noqa: ARG002 - says nothing about the device
        """Show what was chosen."""
        said = state.said
        self.face, self.receipt_number = said.face, said.receipt_number
        for department, button in self._departments.items():
            _dress(button, self.tr(f"feedback.department.{department}"), is_on=department is said.department)
        for category, button in self._categories.items():
            _dress(button, self.tr(f"feedback.category.{category}"), is_on=category is said.category)
        self._show()

    def enter(self) -> None:
        """The store comes first."""
        self.leaf = 0

    def turn(self) -> None:
        """The other grid."""
        self.leaf = 1 - int(self.leaf)

    def wipe(self) -> None:
        """Forget what was chosen."""
        self.face, self.receipt_number = 0, ""
        self.ids.receipt_number.wipe()
        for button in (*self._departments.values(), *self._categories.values()):
            _dress(button, button.text, is_on=False)

    def _make(self, name: str, what: Department | Category, place: int, top: int) -> PushButton:
        button = PushButton(test_id=f"feedback.{name}.{what}", kind="ghost", icon_glyph=36)
        button.box = [48 + 336 * (place % 3), top + 112 * (place // 3), 312, 88]
        button.box_large = [48 + 504 * (place % 2), LARGE_TOP + 144 * (place // 2), 480, 120]
        event: Callable[[], object] = _event(what)
        button.bind(on_release=lambda _button: self.send(event()))
        self.add_widget(button)
        return button

    def _show(self, *_args: Any) -> None:
        grids: tuple[list[PushButton], ...] = ([*self._departments.values()], [*self._categories.values()])
        for leaf, buttons in enumerate(grids):
            for button in buttons:
                button.is_shown = not self.is_large or leaf == self.leaf


def _event(what: Department | Category) -> Callable[[], object]:
    if isinstance(what, Department):
        return lambda: DepartmentChosen(what)
    return lambda: CategoryChosen(what)


def _dress(button: PushButton, text: str, *, is_on: bool) -> None:
    button.text = text
    button.kind, button.icon = ("ticked", "check") if is_on else ("ghost", "")


load_beside(__file__)
