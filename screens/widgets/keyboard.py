"""The keyboard: letters with Chinese candidates above them, Latin letters, digits and signs.

It holds no text but the composition in its engine; what is finished goes out by `on_text`, and `wipe` forgets the rest.
Its keys answer every touch: double letters are typed quickly.
"""

from __future__ import annotations

from typing import Any

from kivy.clock import Clock
from kivy.properties import BooleanProperty, ObjectProperty, OptionProperty, StringProperty

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
    "locked": ("QWERTYUIOP", "ASDFGHJKL", "ZXCVBNM"),
    "digits": ("1234567890", "-/#()@&:·", "._,'+*="),
}
QUICK_DIGITS, QUICK_MAIL, QUICK_WORDS = (
    ("-", "/", "#", "号", "栋", "单元", "室"),
    ("@", ".", "-", "_", "@qq.com", "@163.com"),
    ("-", "'", ".", ","),
)
"""Offered in the candidate strip where there is nothing to choose from."""

LATIN = frozenset({"latin", "capitals", "locked"})
DOUBLE_TAP_S = 0.4

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
        is_latin_first: Latin letters come before Chinese input.
        begins_words: In Latin letters a word begins with a capital, as in names and addresses.
        is_code: A code is typed, of which nothing can be offered.
        mode: pinyin, latin, capitals (for one letter), locked (capitals until shift is touched) or digits.
    """

    __events__ = ("on_text", "on_backspace", "on_compose", "on_previous", "on_next")

    tr = ObjectProperty(unspoken)
    engine: Any = ObjectProperty(None, allownone=True)
    preceding = StringProperty("")
    is_latin_first = BooleanProperty(False)
    begins_words = BooleanProperty(False)
    is_code = BooleanProperty(False)
    mode = OptionProperty("latin", options=tuple(ROWS))

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._letters = self._make_letters()
        self._strip = CandidateStrip(box=[_LEFT, 12, 1030, 96])
        self._strip.bind(on_pick=lambda _strip, place: self._pick(place), on_quick=lambda _strip, text: self._insert(text))
        self.add_widget(self._strip)
        self._engine_before: CandidateEngine | None = None
        self._letters_before = "latin"
        self._shifted_at = -DOUBLE_TAP_S
        for name in ("mode", "tr", "begins_words", "is_code"):
            self.fbind(name, self._relabel)
        self.fbind("engine", self._change_engine)
        self.fbind("is_latin_first", self._begin)
        for name in ("preceding", "begins_words"):
            self.fbind(name, self._shift)
        self._relabel()

    @property
    def composition(self) -> str:
        """What is under work, "" if nothing."""
        return self.engine.composition if self.engine is not None else ""

    def wipe(self) -> None:
        """Forget the composition and its candidates, and begin anew."""
        if self.engine is not None:
            self.engine.clear()
        self.preceding = ""
        self._begin()

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
        if self.mode == "digits":
            self._letter_mode(self._letters_before)
        else:
            self._letters_before = "pinyin" if self.mode == "pinyin" else "latin"
            self.mode = "digits"

    def press_language(self) -> None:
        """Between pinyin and Latin letters."""
        self._drop()
        self._letter_mode("latin" if self.mode == "pinyin" or self.engine is None else "pinyin")

    def press_extra(self) -> None:
        """Forces a split of syllables in pinyin; in Latin a capital, or by a double tap capitals until it is touched again."""
        if self.mode == "pinyin":
            if self.composition:
                self._compose(SEPARATOR)
        elif self.mode in LATIN:
            self._press_shift(Clock.get_time())

    def press_field(self, event: str) -> None:
        """To the field before or after; what is under work is dropped."""
        self._drop()
        self.dispatch(event)

    def space_box(self, engine: object, mode: str) -> tuple[float, float, float, float]:
        """Return the place of the space bar: it takes what the keys beside it leave."""
        start = 25 + 156 * ((engine is not None) + (mode != "digits"))
        return (start, 456, 743 - start, 96)

    def _press_shift(self, now_s: float) -> None:
        is_second = now_s - self._shifted_at < DOUBLE_TAP_S
        # The tap that unlocks is no first tap: a third quick one must not lock again.
        self._shifted_at = now_s if self.mode != "locked" else -DOUBLE_TAP_S
        if self.mode == "locked":
            self.mode = "latin"
        elif is_second:
            self.mode = "locked"
        else:
            self.mode = "capitals" if self.mode == "latin" else "latin"

    def _begin(self, *_args: Any) -> None:
        """Take the letters that this field and this language begin with."""
        if self.engine is not None:
            self.engine.clear()
        self._letter_mode("latin" if self.engine is None or self.is_latin_first else "pinyin")
        self._show()

    def _letter_mode(self, mode: str) -> None:
        self.mode = mode
        self._shift()

    def _shift(self, *_args: Any) -> None:
        """A word begins with a capital, as on phones; a capital that was asked for holds for one letter."""
        self._shift_after(self.preceding)

    def _shift_after(self, text: str) -> None:
        if self.mode in ("latin", "capitals"):
            self.mode = "capitals" if self.begins_words and (not text or text[-1].isspace()) else "latin"

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
        # The field may answer later than the next letter is touched.
        self._shift_after(self.preceding + text)

    def _drop(self) -> None:
        if self.composition:
            self.engine.clear()
            self._show()

    def _change_engine(self, *_args: Any) -> None:
        if self._engine_before is not None:
            self._engine_before.clear()
        self._engine_before = self.engine
        self._begin()

    def _show(self) -> None:
        self._strip.show(self.engine if self.composition else None, self._quick())
        self.dispatch("on_compose", self.composition)

    def _quick(self) -> tuple[str, ...]:
        if self.is_code:
            return ()
        if self.mode == "digits":
            return QUICK_DIGITS
        return () if self.mode == "pinyin" else QUICK_WORDS if self.begins_words else QUICK_MAIL

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
        self._strip.show(self.engine if self.composition else None, self._quick())


load_beside(__file__)
