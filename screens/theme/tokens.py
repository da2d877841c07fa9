"""Colours, type, shadows and measures from tokens.json, the one file that holds them. Knows no toolkit."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Rgba = tuple[float, float, float, float]
CLEAR: Rgba = (0.0, 0.0, 0.0, 0.0)

_DATA: dict[str, Any] = json.loads((Path(__file__).parent / "tokens.json").read_text(encoding="utf-8"))


@dataclass(frozen=True, slots=True)
class TypeStyle:
    """A style of text; sizes and lines in design px, normal and in large type; weight 400 to 800."""

    size: float
    line: float
    weight: int
    large: float
    large_line: float


@dataclass(frozen=True, slots=True)
class Shadow:
    """One layer of a shadow as in CSS: offset down, blur (twice the standard deviation), colour 0..255 and alpha."""

    y: float
    blur: float
    rgb: tuple[int, int, int]
    alpha: float


def _rgb(code: str) -> tuple[int, int, int]:
    return int(code[1:3], 16), int(code[3:5], 16), int(code[5:7], 16)


def _style(entry: Mapping[str, Any]) -> TypeStyle:
    size, line = float(entry["size"]), float(entry["line"])
    large = float(entry.get("large", size * LARGE_FACTOR))
    return TypeStyle(size, line, int(entry["weight"]), large, float(entry.get("large_line", line * large / size)))


def _layer(entry: Mapping[str, Any]) -> Shadow:
    if "color" in entry:
        return Shadow(float(entry["y"]), float(entry["blur"]), _rgb(entry["color"]), 1.0)
    red, green, blue, alpha = entry["rgba"].split(",")
    return Shadow(float(entry["y"]), float(entry["blur"]), (int(red), int(green), int(blue)), float(alpha))


LARGE_FACTOR: float = float(_DATA["large_factor"])
COLOURS: Mapping[str, tuple[int, int, int]] = {name: _rgb(code) for name, code in _DATA["color"].items()}
STYLES: Mapping[str, TypeStyle] = {name: _style(entry) for name, entry in _DATA["type"].items()}
SHADOWS: Mapping[str, tuple[Shadow, ...]] = {
    name: tuple(_layer(layer) for layer in (entry if isinstance(entry, list) else [entry]))
    for name, entry in _DATA["shadow"].items()
    if name != "note"
}
GRADIENT: tuple[tuple[float, tuple[int, int, int]], ...] = tuple((stop, _rgb(code)) for stop, code in _DATA["hero_gradient"]["stops"])
GRADIENT_ANGLE: float = float(_DATA["hero_gradient"]["angle_css"])
TARGET_MIN: float = float(_DATA["target"]["min"])
TARGET_MIN_LARGE: float = float(_DATA["target"]["min_large"])
TEXT_MIN: float = float(_DATA["min_text"])


def colour(name: str, alpha: float = 1.0) -> Rgba:
    """Return the colour `name` as Kivy's four numbers 0..1; "" is clear."""
    if not name:
        return CLEAR
    red, green, blue = COLOURS[name]
    return red / 255, green / 255, blue / 255, alpha


def luminance(rgb: tuple[int, int, int]) -> float:
    """Return the relative luminance (WCAG 2.2)."""
    parts = [value / 255 for value in rgb]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: str, second: str) -> float:
    """Return the contrast ratio of two named colours, 1 to 21 (WCAG 2.2, 1.4.3)."""
    low, high = sorted((luminance(COLOURS[first]), luminance(COLOURS[second])))
    return (high + 0.05) / (low + 0.05)
