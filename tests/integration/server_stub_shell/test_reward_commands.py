"""`rewards`, `stock` and `fulfil` as staff run them: files that are wrong, the sample, counting, and a code that is none."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.support.service_process import Installation

MANAGER, CLERK = "dev-qian", "dev-lin"


def listed(printed: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(printed)["items"]
    return found


def test_what_is_wrong_in_a_file_is_named_before_anybody_signs_in(installation: Installation, tmp_path: Path) -> None:
    wrong = tmp_path / "rewards.json"
    wrong.write_text('{"reward": [{"id": "rice", "points": "many", "colour": "red"}]}')
    done = installation.command("rewards", "load", str(wrong), "--json")
    assert done.returncode == 1
    assert [(row["field"], row["flaw"]) for row in listed(done.stdout)] == [
        ("reward[1].name", "MISSING_FIELD"),
        ("reward[1].points", "BAD_FIELD"),
        ("reward[1].colour", "UNKNOWN_FIELD"),
    ]
    assert installation.command("rewards", "load", str(tmp_path / "missing.toml")).returncode == 2
    kept = listed(installation.as_person(CLERK, "rewards", "list", "--json").stdout)
    assert [row["points"] for row in kept if row["reward_id"] == "rice"] == [1200]


@pytest.mark.timeout(240)
def test_a_catalogue_is_rehearsed_loaded_listed_and_counted(installation: Installation, project_root: Path, tmp_path: Path) -> None:
    # An installation for development begins with the sample.
    text = (project_root / "deploy/rewards.sample.toml").read_text(encoding="utf-8")
    rice_on, cooker_on = text.index('[[reward]]\nid = "rice"'), text.index('[[reward]]\nid = "rice-cooker"')
    sample = str(tmp_path / "changed.toml")
    Path(sample).write_text(text[:rice_on] + text[cooker_on:].replace('"rice-cooker"', '"steamer"'), encoding="utf-8")
    told = json.loads(installation.as_person(MANAGER, "rewards", "load", sample, "--dry-run", "--json").stdout)
    assert (told["added"], told["withdrawn"], len(told["unchanged"])) == (["steamer"], ["rice", "rice-cooker"], 6)
    done = installation.as_person(MANAGER, "rewards", "load", sample, "--json")
    assert json.loads(done.stdout) == told, done.stderr
    seen = listed(installation.as_person(CLERK, "rewards", "list", "--store", "S001", "--json").stdout)
    assert [(row["reward_id"], row["points"], row["left"]) for row in seen][:2] == [("towel", 100, 60), ("tissue", 200, 40)]
    words = ("stock", "set", "towel", "--store", "S001", "--count", "7", "--reason", "moved to the other shelf")
    counted = installation.as_person(CLERK, *words, "--json")
    assert json.loads(counted.stdout)["free"] == 7, counted.stderr
    unknown = installation.as_person(CLERK, "fulfil", "234-567-892")
    assert unknown.returncode == 3
    assert "PICKUP_UNKNOWN" in unknown.stderr
    again = installation.as_person("dev-zhao", "stock", "list", "--store", "S001")
    assert "towel" in again.stdout
    assert installation.command("audit", "seal").returncode == 0
    assert installation.command("audit", "verify").returncode == 0


def test_a_reviewer_without_a_store_may_count_nothing(installation: Installation) -> None:
    assert installation.as_person("dev-admin", "staff", "assign", "dev-zhao", "--store", "").returncode == 0
    words = ("stock", "set", "towel", "--store", "S001", "--count", "7", "--reason", "x")
    done = installation.as_person("dev-zhao", *words)
    assert done.returncode == 3
    assert "NOT_PERMITTED" in done.stderr
