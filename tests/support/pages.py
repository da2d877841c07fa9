"""The generated pages of docs/: `python -m tests.support.pages --write` writes them, without --write says which are out of date.

Knows which page is made by which module; knows nothing of what stands in them.
"""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from tests.support import commands_page, decisions_page, errors_page, personal_data_page
from tests.support.contract import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable

PAGES: dict[str, Callable[[], str]] = {
    "docs/commands.md": commands_page.page,
    "docs/decisions/README.md": decisions_page.page,
    "docs/errors.md": errors_page.page,
    "docs/personal-data.md": personal_data_page.page,
}


def out_of_date() -> list[str]:
    """Returns the pages whose text is not what their module makes now."""
    return [name for name, make in PAGES.items() if not (ROOT / name).is_file() or (ROOT / name).read_text(encoding="utf-8") != make()]


def main() -> int:
    """Writes the pages or names those that are out of date; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="write the pages instead of naming those that are out of date")
    if parser.parse_args().write:
        for name, make in PAGES.items():
            (ROOT / name).write_text(make(), encoding="utf-8")
        return 0
    old = out_of_date()
    sys.stdout.writelines(f"{name} is out of date: make docs\n" for name in old)
    return 1 if old else 0


if __name__ == "__main__":
    raise SystemExit(main())
