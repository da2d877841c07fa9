"""A screen on which digits are typed, one key after the other."""

from __future__ import annotations

from typing import Any, ClassVar

from kivy.properties import StringProperty

from screens.frame.page import Page


class TypedDigits(Page):
    """A page with a number pad.

    Attributes:
        digits: Typed so far; personal.
        limit: How many there may be.
        typed: Event that says what is typed now; made of a text.
    """

    limit: ClassVar[int]
    typed: ClassVar[type[Any]]

    digits = StringProperty("")

    def whole(self, digits: str) -> str:
        """Return what the digits stand for: with what nobody has to type."""
        return digits

    def may_type(self) -> bool:
        """Whether digits are taken now."""
        return len(self.digits) < self.limit

    def type_digit(self, digit: str) -> None:
        """A digit was touched."""
        if self.may_type():
            self._enter(self.digits + digit)

    def clear(self) -> None:
        """All digits go."""
        self._enter("")

    def backspace(self) -> None:
        """The last digit goes."""
        self._enter(self.digits[:-1])

    def wipe(self) -> None:
        """Forget the digits."""
        self.digits = ""

    def _enter(self, digits: str) -> None:
        # Two quick touches may come before the journey has answered the first: the second builds on the first.
        self.digits = digits
        self.send(self.typed(self.whole(digits)))
