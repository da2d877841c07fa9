"""Looks over a tree of widgets for faults of layout that a person would see: a library, walked over every screen by a test.

Faults: text that does not fit or leaves its card, a character without a glyph, too little contrast, text below the least size,
targets too small or overlapping, labels near the edge of their button, texts drawn over each other, over an icon or a code.
Measures are design px.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import combinations, product
from typing import Any

from fontTools.ttLib import TTFont
from kivy.core.window import Window
from kivy.metrics import Metrics

from screens.theme.faces import NATURAL_LINE
from screens.theme.tokens import STYLES, TARGET_MIN, TARGET_MIN_LARGE, TEXT_MIN, contrast
from screens.widgets.button import PushButton
from screens.widgets.card import Surface
from screens.widgets.icon import Icon
from screens.widgets.key import Key
from screens.widgets.picker import ChoiceKey
from screens.widgets.press import Target
from screens.widgets.qr import QRBox
from screens.widgets.stage import is_large
from screens.widgets.text import Measure, Text
from tests.support.screen_driver import is_visible

CONTRAST_MIN = 4.5
LABEL_AIR = 16
"""Design px that the label of a button keeps from its sides."""
SLACK = 3
"""Design px that rounding to whole px may cost."""

HERO = ("heroA", "heroB")
Rect = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong: the rule, where, and what exactly."""

    rule: str
    where: str
    detail: str

    def __str__(self) -> str:
        return f"{self.rule}: {self.where}: {self.detail}"


def faults_of(root: Any) -> list[Fault]:
    """Return every fault of the visible widgets under `root`."""
    widgets = list(_visible(root))
    texts = [widget for widget in widgets if isinstance(widget, Text) and widget.text]
    targets = [widget for widget in widgets if isinstance(widget, Target)]
    found = [fault for text in texts for fault in _text_faults(text)]
    found += [fault for target in targets for fault in _size_faults(target)]
    found += [fault for target in targets if isinstance(target, PushButton) for fault in _label_faults(target)]
    found += _overlaps("targets overlap", combinations(targets, 2), _rect)
    found += _overlaps("texts overlap", combinations(texts, 2), _ink)
    signs = [widget for widget in widgets if (isinstance(widget, Icon) and widget.name) or isinstance(widget, QRBox)]
    found += _overlaps("text over a sign", product(texts, signs), _ink)
    return found


def _visible(root: Any) -> Iterator[Any]:
    """Yield what can be seen; below a modal layer only what stands beside or above it."""
    widgets = [widget for widget in root.walk(restrict=True) if is_visible(widget)]
    modal = [widget for widget in widgets if getattr(widget, "is_modal", False)]
    if not modal:
        yield from widgets
        return
    covered = _below(modal[-1])
    yield from (widget for widget in widgets if widget not in covered)


def _below(modal: Any) -> set[Any]:
    """Everything drawn before the modal layer: at each level of its ancestors, the siblings under it."""
    covered: set[Any] = set()
    child = modal
    for parent in ancestors(modal):
        for sibling in parent.children[parent.children.index(child) + 1 :]:
            covered.update(sibling.walk(restrict=True))
        child = parent
    return covered


def _text_faults(text: Text) -> Iterator[Fault]:
    where = f"{_name(text)} “{text.text}”"
    size = text.font_size / Metrics.dp
    width, height = needed(text)
    if width > text.width / Metrics.dp + SLACK:
        yield Fault("text too wide", where, f"{width:.0f} in {text.width / Metrics.dp:.0f}")
    if height > text.height / Metrics.dp + SLACK:
        yield Fault("text too high", where, f"{height:.0f} in {text.height / Metrics.dp:.0f}")
    if size < TEXT_MIN - 0.01:
        yield Fault("text too small", where, f"{size:.0f}")
    missing = sorted(set(text.text) - glyphs(text.font_name) - {"\n"})
    if missing:
        yield Fault("glyph missing", where, "".join(missing))
    yield from _contrast_faults(text, where)
    yield from _border_faults(text, where)


def needed(text: Text) -> tuple[float, float]:
    """Return width and height that the drawn letters of `text` need: lines count at their drawn height, not the natural one."""
    label = Measure(text=text.laid_text, font_name=text.font_name, font_size=text.font_size)
    label.refresh()
    lines = max(1, round(label.content_height / (text.font_size * NATURAL_LINE)))
    style = STYLES[text.style]
    line = (style.large_line / style.large) if is_large() else style.line / style.size
    widest = max(_word_width(text), 0.0) if text.is_wrapped else label.content_width
    return widest / Metrics.dp, (max(1.0, min(line, 1.2)) + (lines - 1) * max(line, 0.95 * NATURAL_LINE)) * text.font_size / Metrics.dp


def _word_width(text: Text) -> float:
    """Width of the widest part that cannot be broken."""
    label = Measure(font_name=text.font_name, font_size=text.font_size)
    return max(label.get_extents(word)[0] for word in text.text.split() or [""]) if text.text.isascii() else 0.0


def _contrast_faults(text: Text, where: str) -> Iterator[Fault]:
    for ground in backdrop(text):
        ratio = contrast(text.ink, ground)
        if ratio < CONTRAST_MIN:
            yield Fault("contrast", where, f"{text.ink} on {ground}: {ratio:.2f}")


def backdrop(widget: Any) -> tuple[str, ...]:
    """Return the names of the colours behind `widget`: the nearest declared one; "hero" stands for both ends of its gradient."""
    for parent in ancestors(widget):
        name = getattr(parent, "backdrop", "") or (parent.fill if isinstance(parent, Surface) else "")
        if name:
            return HERO if name == "hero" else (name,)
    return ("paper",)


def ancestors(widget: Any) -> Iterator[Any]:
    """Yield what holds `widget`, from the nearest up to the window's top widget."""
    parent = widget.parent
    while parent is not None and parent is not Window:
        yield parent
        parent = parent.parent


def _border_faults(text: Text, where: str) -> Iterator[Fault]:
    x, y, width, height = _ink(text)
    for edge, low, high, limit in (("side", x, x + width, Window.width), ("top", y, y + height, Window.height)):
        if low < -SLACK * Metrics.dp or high > limit + SLACK * Metrics.dp:
            yield Fault("text leaves the window", where, edge)
    slack = SLACK * Metrics.dp
    for card in ancestors(text):
        if isinstance(card, Surface):
            if x < card.x - slack or y < card.y - slack or x + width > card.right + slack or y + height > card.top + slack:
                yield Fault("text leaves its card", where, _name(card))
            return


def _size_faults(target: Target) -> Iterator[Fault]:
    least = TARGET_MIN_LARGE if is_large() and not isinstance(target, Key | ChoiceKey) else TARGET_MIN
    width, height = target.width / Metrics.dp, target.height / Metrics.dp
    if min(width, height) < least - 1:
        yield Fault("target too small", _name(target), f"{width:.0f} x {height:.0f}, least {least:.0f}")
    if target.x < -1 or target.y < -1 or target.right > Window.width + 1 or target.top > Window.height + 1:
        yield Fault("target leaves the window", _name(target), f"{target.pos} {target.size}")


def _label_faults(button: PushButton) -> Iterator[Fault]:
    for text in button.walk(restrict=True):
        if isinstance(text, Text) and text.text and is_visible(text):
            x, _y, width, _height = _ink(text)
            air = min(x - button.x, button.right - x - width) / Metrics.dp
            if air < LABEL_AIR:
                yield Fault("label near the edge", _name(button), f"“{text.text}” {air:.0f}")


def _overlaps(rule: str, pairs: Iterable[tuple[Any, Any]], rect: Callable[[Any], Rect]) -> list[Fault]:
    found = []
    for first, second in pairs:
        if second in ancestors(first) or first in ancestors(second):
            continue
        a, b = rect(first), rect(second)
        across = min(a[0] + a[2], b[0] + b[2]) - max(a[0], b[0])
        down = min(a[1] + a[3], b[1] + b[3]) - max(a[1], b[1])
        if min(across, down) > SLACK * Metrics.dp:
            found.append(Fault(rule, _name(first), f"{_name(second)} by {across / Metrics.dp:.0f} x {down / Metrics.dp:.0f}"))
    return found


def _rect(widget: Any) -> Rect:
    return (*widget.pos, *widget.size)


def _ink(drawn: Text | Icon | QRBox) -> Rect:
    """Where letters are, without the room that the natural line keeps above and below them; where an icon or a code is."""
    match drawn:
        case Icon():
            side = drawn.glyph * Metrics.dp
            return drawn.center_x - side / 2, drawn.center_y - side / 2, side, side
        case QRBox():
            return _rect(drawn)
    text = drawn
    x, y = text.ink_pos
    width, height = text.texture_size
    spare = (NATURAL_LINE - 1.1) / 2 * text.font_size
    return x, y + spare, width, max(1.0, height - 2 * spare)


@cache
def glyphs(font: str) -> frozenset[str]:
    """Return the characters that the font file draws."""
    with TTFont(font, lazy=True) as face:
        return frozenset(chr(code) for code in face.getBestCmap())


def _name(widget: Any) -> str:
    chain = [widget, *ancestors(widget)][:4]
    return " < ".join(getattr(part, "test_id", "") or type(part).__name__ for part in chain)
