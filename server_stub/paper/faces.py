"""The type faces of the service's papers, registered once. Knows no page.

The files are cut down to the characters of the papers' own words (`python -m server_stub.paper.build`).
"""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Final

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

FOLDER: Final = Path(__file__).with_name("fonts")
PLAIN: Final = "PaperSC-400"
BOLD: Final = "PaperSC-700"


@functools.cache
def register_faces() -> frozenset[int]:
    """Makes the faces known to reportlab and returns the code points that both can draw."""
    fonts = [TTFont(name, FOLDER / f"{name}.ttf") for name in (PLAIN, BOLD)]
    for font in fonts:
        pdfmetrics.registerFont(font)
    return frozenset.intersection(*(frozenset(font.face.charToGlyph) for font in fonts))
