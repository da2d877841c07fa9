"""Fonts, icons and drawings of the screens, and the script that makes them again."""

from pathlib import Path

FOLDER = Path(__file__).parent
FONTS = FOLDER / "fonts"
ICONS = FOLDER / "icons"
ART = FOLDER / "art"
