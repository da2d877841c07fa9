"""Draws every screen and state as pictures and contact sheets: `python -m tests.screens.shots [--out DIR] [--sheet NAME ...]`.

Sheets: zh-Hans, zh-Hant, en, each normal and large. Needs no display.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PIL import Image, ImageDraw, ImageFont

from kiosk.ports.values import Language
from screens.assets import FONTS
from tests.support.screen_window import prepare_for_tests

if TYPE_CHECKING:
    from tests.screens.screen_views import Stand

WINDOW = (1080, 1920)
THUMB = (360, 640)
COLUMNS, MARGIN, CAPTION = 6, 24, 36
GROUND, INK = (74, 66, 60), (255, 255, 255)
SHEETS = {f"{language}{'-large' if is_large else ''}": (language, is_large) for language in Language for is_large in (False, True)}

TOUCHED: dict[str, tuple[str, tuple[str, ...]]] = {
    "form-letters": ("form-empty", ("key-o", "key-u", "key-y", "key-a", "key-n", "key-g")),
    "form-latin": ("form-empty", ("key-language",)),
    "form-signs": ("form-email", ("key-digits",)),
    "languages": ("menu", ("bar-language",)),
    "issued-code": ("issued", ("issued.qr",)),
    "returned-code": ("returned", ("returned.qr",)),
    "review-open": ("review", ("review.show",)),
}
"""What only touches lead to: name, the view that they begin at, and what is touched."""

CAPITAL_FIRST = {Language.EN: {"key-o": "key-O"}}
"""Keys that are another one in a language: who reads English begins names with Latin letters, and a name with a capital."""


def main(arguments: list[str] | None = None) -> int:
    """Draw; returns 0."""
    parser = argparse.ArgumentParser(prog="shots", description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("out/shots"), help="folder for the pictures (out/shots)")
    parser.add_argument("--sheet", choices=SHEETS, action="append", help="only this one; may be given more than once")
    parser.add_argument("--faults", action="store_true", help="also look for faults of layout; ends with 1 where there are any")
    chosen = parser.parse_args(arguments)
    prepare_for_tests(WINDOW)
    faults: list[str] = []
    for name in chosen.sheet or SHEETS:
        faults += draw(name, chosen.out, look=chosen.faults)
        sys.stdout.write(f"{chosen.out / name}.png\n")
    sys.stdout.writelines(f"{fault}\n" for fault in faults)
    return 1 if faults else 0


def draw(name: str, out: Path, *, look: bool) -> list[str]:
    """Draw one sheet and its pictures; returns faults, where they are looked for."""
    from tests.screens.lint import faults_of
    from tests.screens.screen_views import standing, views

    language, is_large = SHEETS[name]
    folder = out / name
    folder.mkdir(parents=True, exist_ok=True)
    pictures: list[tuple[str, Image.Image]] = []
    faults: list[str] = []
    with standing() as stand:
        for label, view in views(language, is_large=is_large).items():
            stand.show(view)
            pictures.append((label, picture_of(stand.router)))
            pictures[-1][1].save(folder / f"{label}.png")
            faults += [f"{name} {label}: {fault}" for fault in faults_of(stand.router)] if look else []
        for label in TOUCHED:
            touch(stand, label, language, is_large=is_large)
            pictures.append((label, picture_of(stand.router)))
            pictures[-1][1].save(folder / f"{label}.png")
            faults += [f"{name} {label}: {fault}" for fault in faults_of(stand.router)] if look else []
            stand.settle()
    sheet_of(pictures).save(out / f"{name}.png")
    return faults


def touch(stand: Stand, label: str, language: Language, *, is_large: bool) -> None:
    """Show what the touches of `label` lead to."""
    preview, touches = TOUCHED[label]
    stand.preview(preview, language, is_large=is_large)
    for target in touches:
        stand.tap(CAPITAL_FIRST.get(language, {}).get(target, target))
    stand.driver.wait(0.4)


def picture_of(root: Any) -> Image.Image:
    """Return what `root` shows, on paper."""
    from screens.shots import shoot

    return shoot(root)


def sheet_of(pictures: list[tuple[str, Image.Image]]) -> Image.Image:
    """Return all pictures small, with their names, on one sheet."""
    rows = -(-len(pictures) // COLUMNS)
    pitch = (THUMB[0] + MARGIN, THUMB[1] + CAPTION + MARGIN)
    sheet = Image.new("RGB", (MARGIN + COLUMNS * pitch[0], MARGIN + rows * pitch[1]), GROUND)
    draw_on = ImageDraw.Draw(sheet)
    font = ImageFont.truetype(str(FONTS / "NotoSansSC-500.ttf"), 24)
    for place, (label, picture) in enumerate(pictures):
        row, column = divmod(place, COLUMNS)
        left, top = MARGIN + column * pitch[0], MARGIN + row * pitch[1]
        draw_on.text((left, top - 4), label, font=font, fill=INK)
        sheet.paste(picture.resize(THUMB, Image.Resampling.LANCZOS), (left, top + CAPTION))
    return sheet


if __name__ == "__main__":
    raise SystemExit(main())
