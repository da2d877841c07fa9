"""`campaigns` as staff run them: files that are wrong are told by line, stopping needs a reason, and who did it is kept."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.support.service_process import Installation

MANAGER, MARKETING, CLERK = "dev-qian", "dev-zhou", "dev-lin"


def listed(printed: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(printed)["items"]
    return found


def test_what_is_wrong_in_a_file_is_named_by_line_before_anybody_signs_in(
    installation: Installation, project_root: Path, tmp_path: Path
) -> None:
    sample = (project_root / "deploy/campaigns.sample.toml").read_text(encoding="utf-8")
    wrong = tmp_path / "wrong.toml"
    wrong.write_text(sample.replace("adult_only = true", 'gender = "female"'), encoding="utf-8")
    done = installation.command("campaigns", "load", str(wrong), "--json")
    assert done.returncode == 1
    (flaw,) = listed(done.stdout)
    assert (flaw["field"], flaw["flaw"]) == ("campaign[2].segment.gender", "FORBIDDEN_ATTRIBUTE")
    assert wrong.read_text(encoding="utf-8").splitlines()[flaw["line"] - 1] == 'gender = "female"'
    assert installation.command("campaigns", "load", str(tmp_path / "missing.toml")).returncode == 2


@pytest.mark.timeout(240)
def test_more_at_once_than_kiosks_show_are_loaded_with_a_warning_in_three_languages(installation: Installation, tmp_path: Path) -> None:
    crowd = tmp_path / "crowd.json"
    words = {name: {"zh-Hans": "课", "zh-Hant": "課", "en": "class"} for name in ("title", "line", "body")}
    days = {"starts": "2098-01-01T00:00:00", "ends": "2098-02-01T00:00:00", "picture": "campaign-baking", "stores": ["S001"]}
    crowd.write_text(json.dumps({"campaign": [{"id": f"c{n}", **words, **days} for n in range(61)]}), encoding="utf-8")
    rehearsed = installation.as_person(MANAGER, "campaigns", "load", str(crowd), "--dry-run", "--json")
    done = installation.as_person(MANAGER, "campaigns", "load", str(crowd), "--json")
    for one in (rehearsed, done):
        assert one.returncode == 0, one.stderr
        assert json.loads(one.stdout)["crowded"] == [{"store_id": "S001", "since": "2098-01-01 00:00:00+08:00", "count": 61}]
        for said in ("自助机最多显示 60 个", "自助機最多顯示 60 個", "store S001: 61 campaigns at once from 2098-01-01 00:00 on"):
            assert said in one.stderr


@pytest.mark.timeout(240)
def test_a_campaign_is_changed_stopped_and_goes_on(installation: Installation, project_root: Path, tmp_path: Path) -> None:
    # An installation for development begins with the sample.
    kept = listed(installation.as_person(MARKETING, "campaigns", "list", "--json").stdout)
    assert {row["campaign_id"]: (row["version"], row["state"]) for row in kept}["family-baking"] == (1, "RUNNING")
    changed = tmp_path / "changed.toml"
    text = (project_root / "deploy/campaigns.sample.toml").read_text(encoding="utf-8")
    changed.write_text(text.replace("{S001 = 12}", "{S001 = 24}"), encoding="utf-8")
    done = installation.as_person(MANAGER, "campaigns", "load", str(changed), "--json")
    loaded = json.loads(done.stdout)
    assert (loaded["changed"], len(loaded["unchanged"])) == (["family-baking"], 2), done.stderr
    silent = installation.as_person(MARKETING, "campaigns", "stop", "family-baking")
    assert silent.returncode == 3
    assert "CAMPAIGN_STOP_REASON" in silent.stderr
    stopped = installation.as_person(MARKETING, "campaigns", "stop", "family-baking", "--reason", "the oven is broken", "--json")
    assert json.loads(stopped.stdout)["state"] == "PAUSED", stopped.stderr
    shown = json.loads(installation.as_person(MANAGER, "campaigns", "show", "family-baking", "--json").stdout)
    assert (shown["switched_by"], shown["stopped_because"], shown["version"]) == (MARKETING, "the oven is broken", 2)
    assert shown["taken"] == {"S001": "0/24"}
    refused = installation.as_person(CLERK, "campaigns", "resume", "family-baking", "--reason", "mended")
    assert "NOT_PERMITTED" in refused.stderr
    resumed = installation.as_person("dev-sun", "campaigns", "resume", "family-baking", "--reason", "mended", "--json")
    assert json.loads(resumed.stdout)["state"] == "RUNNING", resumed.stderr
    assert installation.command("audit", "seal").returncode == 0
    assert installation.command("audit", "verify").returncode == 0
