"""The keyboard: letters with Chinese candidates above them, Latin letters, digits and signs.

It holds no text but the composition in its engine; what is finished goes out by `on_text`, and `wipe` forgets the rest.
Its keys answer every touch: double letters are typed quickly.
"""

from __future__ import annotations

from typing import Any

from kivy.properties import ObjectProperty, OptionProperty, StringProperty

from kiosk.pinyin.api import SEPARATOR, CandidateEngine
from screens.widgets.candidates import CandidateStrip
from screens.widgets.key import Key
from screens.widgets.kv import load_beside
from screens.widgets.spoken import unspoken
from screens.widgets.stage import Stage

ROWS = {
    "pinyin": ("qwertyuiop", "asdfghjkl", "zxcvbnm"),
    "latin": ("qwertyuiop", "asdfghjkl", "zxcvbnm"),
    "capitals": ("QWERTYUIOP", "ASDFGHJKL", "ZXCVBNM"),
    "digits": ("1234567890", "-/#()@&:·", "._,'+*="),
}
QUICK = {"latin": ("@", ".", "-", "_", "@qq.com", "@163.com"), "digits": ("-", "/", "#", "号", "栋", "单元", "室")}
"""Offered in the candidate strip where there is nothing to choose from."""

_LEFT, _TOP, _KEY, _PITCH = 25, 132, (94, 96), (104, 108)
_INDENT = (0, 52, 156)


class Keyboard(Stage):
    """The keyboard on its bed, 1080 x 576.

    Events: on_text(text): insert it; on_backspace: take the last character away; on_compose(letters): show them underlined;
    on_previous, on_next: go to another field.

    Attributes:
        tr: Texts.
        engine: Chinese input for the field that is typed into; None where it takes none (then there is no pinyin mode).
        preceding: What stands before the cursor; told to the engine when a composition begins.
        mode: pinyin, latin, capitals or digits.
    """

    __events__ = ("on_text", "on_backspace", "on_compose", "on_previous", "on_next")

    tr = ObjectProperty(unspoken)
    engine: Any = ObjectProperty(None, allownone=True)
    preceding = StringProperty("")
    mode = OptionProperty("latin", options=tuple(ROWS))

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._letters = self._make_letters()
        self._strip = CandidateStrip(box=[_LEFT, 12, 1030, 96])
        self._strip.bind(on_pick=lambda _strip, place: self._pick(place), on_quick=lambda _strip, text: self._insert(text))
        self.add_widget(self._strip)
        self._engine_before: CandidateEngine | None = None
        self.fbind("mode", self._relabel)
        self.fbind("tr", self._relabel)
        self.fbind("engine", self._change_engine)
        self._relabel()

    @property
    def composition(self) -> str:
        """What is under work, "" if nothing."""
        return self.engine.composition if self.engine is not None else ""

    def wipe(self) -> None:
        """Forget the composition and its candidates, and go back to small letters."""
        if self.engine is not None:
            self.engine.clear()
        self.preceding = ""
        self.mode = "pinyin" if self.engine is not None else "latin"
        self._show()

    def on_text(self, text: str) -> None:
        """Text is finished."""

    def on_backspace(self) -> None:
        """The last character of the field is to go."""

    def on_compose(self, letters: str) -> None:
        """The composition has changed; "" ends it."""

    def on_previous(self) -> None:
        """The field before is wanted."""

    def on_next(self) -> None:
        """The next field is wanted."""

    def press_letter(self, value: str) -> None:
        """A letter, digit or sign was touched."""
        if self.mode == "pinyin":
            self._compose(value)
        else:
            self._insert(value)
            if self.mode == "capitals":
                self.mode = "latin"

    def press_space(self) -> None:
        """Space: the first candidate while composing, else a space."""
        if self.composition:
            self._pick(0)
        else:
            self._insert(" ")

    def press_backspace(self) -> None:
        """Backspace: in the composition first."""
        if self.composition:
            self.engine.backspace()
            self._show()
        else:
            self.dispatch("on_backspace")

    def press_digits(self) -> None:
        """Between digits and letters."""
        self._drop()
        self.mode = self._home() if self.mode == "digits" else "digits"

    def press_language(self) -> None:
        """Between pinyin and Latin letters."""
        self._drop()
        self.mode = "latin" if self.mode == "pinyin" or self.engine is None else "pinyin"

    def press_extra(self) -> None:
        """Forces a split of syllables in pinyin, capitals in Latin."""
        if self.mode == "pinyin":
            if self.composition:
                self._compose(SEPARATOR)
        elif self.mode != "digits":
            self.mode = "capitals" if self.mode == "latin" else "latin"

    def press_field(self, event: str) -> None:
        """To the field before or after; what is under work is dropped."""
        self._drop()
        self.dispatch(event)

    def space_box(self, engine: object, mode: str) -> tuple[float, float, float, float]:
        """Return the place of the space bar: it takes what the keys beside it leave."""
        start = 25 + 156 * ((engine is not None) + (mode != "digits"))
        return (start, 456, 743 - start, 96)

    def _home(self) -> str:
        return "pinyin" if self.engine is not None else "latin"

    def _compose(self, letter: str) -> None:
        if not self.composition:
            self.engine.preceding(self.preceding)
        self.engine.type(letter)
        self._show()

    def _pick(self, place: int) -> None:
        index = self._strip.index_of(place)
        if index is None:
            return
        text = self.engine.pick(index)
        self._show()
        if text is not None:
            self._insert(text)

    def _insert(self, text: str) -> None:
        self.dispatch("on_text", text)

    def _drop(self) -> None:
        if self.composition:
            self.engine.clear()
            self._show()

    def _change_engine(self, *_args: Any) -> None:
        if self._engine_before is not None:
            self._engine_before.clear()
        self._engine_before = self.engine
        self.mode = self._home()
        self._show()

    def _show(self) -> None:
        self._strip.show(self.engine if self.composition else None, QUICK.get(self.mode, ()))
        self.dispatch("on_compose", self.composition)

    def _make_letters(self) -> list[list[Key]]:
        rows = []
        for row, letters in enumerate(ROWS["latin"]):
            keys = []
            for column in range(len(letters)):
                box = [_LEFT + _INDENT[row] + column * _PITCH[0], _TOP + row * _PITCH[1], *_KEY]
                key = Key(box=box, is_guarded=False)
                key.bind(on_release=lambda key: self.press_letter(key.value))
                self.add_widget(key)
                keys.append(key)
            rows.append(keys)
        return rows

    def _relabel(self, *_args: Any) -> None:
        for keys, letters in zip(self._letters, ROWS[self.mode], strict=True):
            for key, letter in zip(keys, letters, strict=True):
                key.text = key.value = letter
                key.test_id = f"key-{letter}"
        self._strip.hint = self.tr("key.hint") if self.mode == "pinyin" else ""
        self._strip.show(self.engine if self.composition else None, QUICK.get(self.mode, ()))


load_beside(__file__)
