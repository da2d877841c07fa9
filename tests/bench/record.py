"""Where measurements are written: out/bench.json for machines, docs/benchmarks.md for people.

Knows the two forms; knows nothing of how figures are taken.
"""

from __future__ import annotations

import json
import os
import platform
import tomllib
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tests.bench.measurement import Measurement

ROOT = Path(__file__).resolve().parents[2]
JSON_FILE = ROOT / "out" / "bench.json"
PAGE = ROOT / "docs" / "benchmarks.md"
REASONS = Path(__file__).with_name("missed.toml")

INTRODUCTION = """# Benchmarks

Written by `make bench`; do not edit. "Holds" says whether the goal is reached; the ratio is value / baseline.
Milliseconds of wall time depend on the machine and on what else it does; CPU milliseconds, APDUs and counts do not.
"""


def as_row(measured: Measurement) -> dict[str, Any]:
    """Returns a measurement as it stands in out/bench.json."""
    row = asdict(measured)
    return {key: row[key] for key in ("name", "value", "unit", "baseline")} | {
        "ratio": measured.ratio,
        "goal": measured.goal,
        "holds": measured.holds,
        "better": measured.better,
        "note": measured.note,
    }


def merge(rows: list[dict[str, Any]], file: Path = JSON_FILE, *, is_all: bool = False) -> list[dict[str, Any]]:
    """Writes `rows` over those of the same name in `file`, or, where they are all that there are, instead of them; returns all."""
    known = json.loads(file.read_text(encoding="utf-8")) if file.is_file() and not is_all else []
    merged = {row["name"]: row for row in [*known, *rows]}
    ordered = [merged[name] for name in sorted(merged)]
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(ordered, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return ordered


def page(rows: list[dict[str, Any]]) -> str:
    """Returns docs/benchmarks.md."""
    lines = [INTRODUCTION, f"Taken on {machine()}.", "", "| what | value | goal | holds | baseline | ratio | note |", "|" + " --- |" * 7]
    for row in rows:
        sign = "≤" if row["better"] == "lower" else "≥"
        goal = "" if row["goal"] is None else f"{sign} {_figure(row['goal'])}"
        cells = [
            f"`{row['name']}`",
            f"{_figure(row['value'])} {row['unit']}",
            goal,
            ("yes" if row["holds"] else "**no**") if goal else "",
            _figure(row["baseline"]),
            _figure(row["ratio"]),
            row["note"],
        ]
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    missed = [row["name"] for row in rows if not row["holds"]]
    reasons = tomllib.loads(REASONS.read_text(encoding="utf-8"))
    if missed:
        lines += ["", "## Goals that are missed", ""]
        lines += [f"- `{name}`: {' '.join(reasons.get(name, 'not looked into yet.').split())}" for name in missed]
    return "\n".join([*lines, ""])


def machine() -> str:
    """Returns what the figures depend on: processor, number of CPUs, system, Python."""
    processor = _value("/proc/cpuinfo", "model name", ":") or platform.machine()
    release = _value("/etc/os-release", "PRETTY_NAME", "=") or platform.system()
    return f"{os.cpu_count()} × {processor}, {release}, Python {platform.python_version()}"


def _value(file: str, key: str, separator: str) -> str:
    """Returns what stands behind the first `key` of a system file, or nothing."""
    lines = Path(file).read_text(encoding="utf-8").splitlines() if Path(file).is_file() else []
    return next((line.partition(separator)[2].strip(' "') for line in lines if line.startswith(key)), "")


def _figure(value: float | None) -> str:
    """Returns three significant digits, whole numbers as they are."""
    if value is None:
        return ""
    return f"{value:,.0f}" if float(value).is_integer() or abs(value) >= 1000 else f"{value:.3g}"
