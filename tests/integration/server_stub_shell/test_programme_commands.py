"""The programme's commands as staff use them: rules in files, from lint to a published version."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from server_stub.cli.main import main
from tests.architecture.tree import ROOT

if TYPE_CHECKING:
    import pytest

    from tests.support.service_process import Installation

SHIPPED = ROOT / "server_stub/domain/program/rule_sets"
FILE = """\
format = 1
version = "lake-1"
effective_from = 2998-01-01
based_on = "hexing-mall"

[params]
pending_days = 7
"""


def test_lint_names_every_fault_and_needs_nobody(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["rules", "lint", *map(str, sorted(SHIPPED.glob("*.toml"))), "--today", "2026-11-25"]) == 0
    assert "nothing is wrong" in capsys.readouterr().out
    faulty = tmp_path / "faulty.toml"
    faulty.write_text(FILE + 'sex = "F"\ntiers = [{ name = "a", min = 5 }]\n', encoding="utf-8")
    assert main(["rules", "lint", str(faulty), "--json"]) == 1
    rows = json.loads(capsys.readouterr().out)["items"]
    assert [(row["field"], row["flaw"], row["about"]) for row in rows] == [
        ("params.sex", "FORBIDDEN_ATTRIBUTE", "sex"),
        ("params.tiers.1.min", "TIERS_GAP", "0 - 4"),
    ]
    assert all(row[language] for row in rows for language in ("zh-Hans", "zh-Hant", "en"))
    twin = tmp_path / "twin.toml"
    for path, version in ((faulty, "a"), (twin, "b")):
        path.write_text(FILE.replace("lake-1", version), encoding="utf-8")
    assert main(["rules", "lint", str(faulty), str(twin)]) == 1
    assert "EFFECTIVE_TAKEN" in capsys.readouterr().out


def test_what_is_no_rule_file_is_wrong_usage(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "none.toml").write_text("= 1", encoding="utf-8")
    assert main(["rules", "lint", str(tmp_path / "none.toml")]) == 2
    assert main(["rules", "lint", str(tmp_path / "missing.toml")]) == 2
    assert main(["rules", "show"]) == 2
    assert capsys.readouterr().err.count("wrong:") == 3


def test_rules_are_submitted_by_one_and_published_by_another(installation: Installation, tmp_path: Path) -> None:
    path = tmp_path / "rules.toml"
    path.write_text(FILE + "hold_minutes = 0\n", encoding="utf-8")
    refused = installation.as_person("dev-zhou", "rules", "submit", str(path))
    assert (refused.returncode, "ZERO_WINDOW" in refused.stdout) == (1, True)
    path.write_text(FILE, encoding="utf-8")
    submitted = installation.as_person("dev-qian", "rules", "submit", str(path), "--json")
    assert submitted.returncode == 0, submitted.stderr
    assert json.loads(submitted.stdout)["state"] == "DRAFT"
    alone = installation.as_person("dev-qian", "rules", "approve", "lake-1", step=1)
    assert (alone.returncode, "SELF_APPROVAL" in alone.stderr) == (3, True)
    published = installation.as_person("dev-sun", "rules", "approve", "lake-1", "--revision", "1", "--json")
    assert published.returncode == 0, published.stderr
    found = json.loads(published.stdout)
    assert (found["state"], found["submitted_by"], found["approved_by"]) == ("PUBLISHED", "dev-qian", "dev-sun")
    edited = installation.as_person("dev-zhou", "rules", "submit", str(path), step=1)
    assert (edited.returncode, "RULES_PUBLISHED" in edited.stderr) == (3, True)
    shown = installation.as_person("dev-sun", "rules", "show", "lake-1", step=1)
    assert '"silver": {"zh-Hans": "银卡"' in shown.stdout.replace("names.tiers.silver", '"silver":') or "银卡" in shown.stdout
