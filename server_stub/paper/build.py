"""Cuts the papers' fonts out of full ones: `python -m server_stub.paper.build FOLDER`. Runs at development time only; needs fontTools.

Responsible for: which characters the faces carry, and that their licence travels with them.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from fontTools import subset

from server_stub.paper.faces import FOLDER
from server_stub.paper.liability.words import all_characters as of_the_liability
from server_stub.paper.statement.words import all_characters as of_the_statement

WEIGHTS = (400, 700)
_LATIN = [chr(code) for code in (*range(0x20, 0x7F), 0xA5, 0xB7, *range(0x2010, 0x2027), 0x2212)]


def build(source: Path) -> None:
    """Writes the faces and the licence.

    Args:
        source: Folder with ``NotoSansSC-{400,700}.ttf`` and ``LICENSE-OFL.txt``.
    """
    FOLDER.mkdir(exist_ok=True)
    for weight in WEIGHTS:
        options = subset.Options(layout_features=["kern"], notdef_outline=True, recalc_timestamp=False)
        font = subset.load_font(source / f"NotoSansSC-{weight}.ttf", options)
        cutter = subset.Subsetter(options)
        cutter.populate(text="".join(sorted({*_LATIN, *of_the_liability(), *of_the_statement()})))
        cutter.subset(font)
        subset.save_font(font, FOLDER / f"PaperSC-{weight}.ttf", options)
    shutil.copyfile(source / "LICENSE-OFL.txt", FOLDER / "LICENSE-OFL.txt")


if __name__ == "__main__":
    build(Path(sys.argv[1]))
