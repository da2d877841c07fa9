"""Makes the committed fonts and icons again from their npm packages: `python -m screens.assets.build`.

Responsible for: which characters each face carries, and that the licences travel with them.
Needs npm and the dependency group `assets` (fontTools); nothing of it runs on a kiosk.
Run it again after adding zh-Hant texts: the TC face carries just the characters of our own texts.
"""

from __future__ import annotations

import argparse
import json
import logging
import re
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Iterable
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

from kiosk.texts import LANGUAGES, load_catalogue
from screens.assets import FONTS, ICONS

PACKAGES = {
    "sc": "@expo-google-fonts/noto-sans-sc@0.4.3",
    "tc": "@expo-google-fonts/noto-sans-tc@0.4.3",
    "icons": "@phosphor-icons/web@2.1.2",
}
WEIGHTS = {400: "Regular", 500: "Medium", 700: "Bold", 800: "ExtraBold"}
ICON_WEIGHTS = {"regular": "Phosphor", "bold": "Phosphor-Bold", "fill": "Phosphor-Fill", "duotone": "Phosphor-Duotone"}
DISPLAY_WEIGHT = 800

_LATIN = [*range(0x20, 0x7F), *range(0xA0, 0x250)]
_PUNCTUATION = [*range(0x2010, 0x2050), *range(0x3000, 0x3040), *range(0xFF00, 0xFFF0)]
_ICON_RULE = re.compile(r"\.ph-([a-z0-9-]+):(before|after)\s*\{\s*content:\s*\"\\([0-9a-f]+)\"")

_log = logging.getLogger(__name__)


def two_byte_characters(encoding: str, first: range) -> set[int]:
    """Return the code points of the two-byte part of `encoding` whose first byte lies in `first`."""
    codes: set[int] = set()
    for high in first:
        for low in range(0x40, 0xFF):
            text = bytes([high, low]).decode(encoding, errors="ignore")
            codes.update(ord(character) for character in text)
    return codes


def sc_characters(weight: int) -> set[int]:
    """Return what the SC face carries: all of GBK, since names are drawn in it; the display weight GB 2312 level 1 and our texts."""
    if weight == DISPLAY_WEIGHT:
        return two_byte_characters("gb2312", range(0xA1, 0xD8)) | own_characters(*LANGUAGES) | {*_LATIN, *_PUNCTUATION}
    return two_byte_characters("gbk", range(0x81, 0xFF)) | {*_LATIN, *_PUNCTUATION}


def tc_characters() -> set[int]:
    """Return what the TC face carries: the characters of our own zh-Hant texts."""
    return own_characters("zh-Hant") | {*_LATIN, *_PUNCTUATION}


def own_characters(*languages: str) -> set[int]:
    """Return the code points of our own texts in `languages`."""
    catalogue = load_catalogue()
    return {ord(character) for language in languages for character in catalogue.characters(language)}


def make_font(source: Path, target: Path, characters: Iterable[int]) -> None:
    """Write `source` with only `characters`; kerning stays, hints and layout switches go (the text engine has none)."""
    options = subset.Options(
        layout_features=["kern"], hinting=False, glyph_names=False, notdef_outline=True, name_IDs=[0, 1, 2, 3, 4, 5, 6, 13, 14]
    )
    options.drop_tables += ["vhea", "vmtx", "VORG", "BASE", "STAT"]
    font = subset.load_font(str(source), options)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=sorted(characters))
    subsetter.subset(font)
    subset.save_font(font, str(target), options)
    _log.info("%s: %d kB", target.name, target.stat().st_size // 1000)


def make_fonts(packages: dict[str, Path]) -> None:
    """Write all faces, their licence and the list of what the TC face carries."""
    for weight, name in WEIGHTS.items():
        folder = f"{weight}{name}"
        sc = packages["sc"] / folder / f"NotoSansSC_{folder}.ttf"
        tc = packages["tc"] / folder / f"NotoSansTC_{folder}.ttf"
        make_font(sc, FONTS / f"NotoSansSC-{weight}.ttf", sc_characters(weight))
        make_font(tc, FONTS / f"NotoSansTC-{weight}.ttf", tc_characters())
    with TTFont(FONTS / f"NotoSansTC-{DISPLAY_WEIGHT}.ttf") as face:
        # Not all that was asked for: the TC face has no glyph for some simplified characters of ours, such as 简.
        carried = sorted(chr(code) for code in face.getBestCmap() if chr(code).isprintable())
    (FONTS / "tc-characters.txt").write_text("".join(carried) + "\n", encoding="utf-8")
    (FONTS / "sc-beyond-gbk.txt").write_text(beyond_gbk(FONTS / "NotoSansSC-400.ttf") + "\n", encoding="utf-8")
    shutil.copy(packages["sc"] / "LICENSE_FONT", FONTS / "LICENSE-OFL.txt")


def beyond_gbk(face: Path) -> str:
    """Return the characters that `face` carries and GBK lacks."""
    with TTFont(face) as font:
        carried = [chr(code) for code in sorted(font.getBestCmap())]
    return "".join(character for character in carried if not character.encode("gbk", errors="ignore"))


def make_icons(package: Path) -> None:
    """Copy the icon faces and write the code points by name: [glyph, second glyph of the duotone]."""
    for weight, name in ICON_WEIGHTS.items():
        shutil.copy(package / "src" / weight / f"{name}.ttf", ICONS / f"{name}.ttf")
    shutil.copy(package / "LICENSE", ICONS / "LICENSE-MIT.txt")
    points: dict[str, list[str]] = {}
    style = (package / "src" / "duotone" / "style.css").read_text(encoding="utf-8")
    for name, _part, point in _ICON_RULE.findall(style):
        points.setdefault(name, []).append(point)
    lines = ",\n".join(f"{json.dumps(name)}: {json.dumps(found)}" for name, found in sorted(points.items()))
    (ICONS / "codepoints.json").write_text(f"{{\n{lines}\n}}\n", encoding="utf-8")


def unpack(folder: Path) -> dict[str, Path]:
    """Fetch the packages with npm into `folder` and return where each lies."""
    found: dict[str, Path] = {}
    npm = shutil.which("npm")
    if npm is None:
        raise SystemExit("npm is needed to fetch the packages of the fonts and icons")
    for name, package in PACKAGES.items():
        done = subprocess.run([npm, "pack", "--silent", package], cwd=folder, check=True, capture_output=True, text=True)  # noqa: S603 - fixed arguments
        with tarfile.open(folder / done.stdout.split()[-1]) as archive:
            archive.extractall(folder / name, filter="data")
        found[name] = folder / name / "package"
    return found


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(prog="python -m screens.assets.build", description="Make fonts and icons again from npm packages.")
    parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    logging.getLogger("fontTools").setLevel(logging.WARNING)
    with tempfile.TemporaryDirectory() as folder:
        packages = unpack(Path(folder))
        make_fonts(packages)
        make_icons(packages["icons"])


if __name__ == "__main__":
    main()
