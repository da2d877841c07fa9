"""One benchmark in this process: `python -m tests.bench.apart NAME FILE` writes its rows as JSON to FILE.

A process for each, so that none pays for another's imports, window or caches.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from tests.bench.catalogue import found
from tests.bench.record import as_row

if __name__ == "__main__":
    name, target = sys.argv[1:]
    Path(target).write_text(json.dumps([as_row(measured) for measured in found()[name].run()]), encoding="utf-8")
