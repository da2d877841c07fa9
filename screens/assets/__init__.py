"""Fonts, icons, drawings and recordings, and the scripts that make them again."""

from pathlib import Path

FOLDER = Path(__file__).parent
FONTS = FOLDER / "fonts"
ICONS = FOLDER / "icons"
ART = FOLDER / "art"
VOICE = FOLDER / "voice"
SOUNDS = FOLDER / "sounds"
