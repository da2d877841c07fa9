"""`make run` end to end by touches: it works in three languages, and where something is broken it says what."""

from __future__ import annotations

import json
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest
from PIL import Image
from pypdf import PdfReader

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(180)]


# Steps that are not seen at the kiosk.
ELSEWHERE = {"welcome mail", "bought at the till"}


def run(out: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tests.journey", "--headless", "--out", str(out), *words]
    return subprocess.run(command, capture_output=True, text=True, timeout=170, check=False)


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        pytest.param("foreign-card", "card written: waited 10 s for CardIssued, saw WrongCard", marks=pytest.mark.long),
        pytest.param("stopped-service", "submit: waited 10 s for WaitingForBlank, saw Submit", marks=pytest.mark.long),
        ("dead-mail", "the welcome mail did not arrive"),
    ],
)
def test_a_broken_part_ends_the_run_and_is_named(tmp_path: Path, fault: str, said: str) -> None:
    done = run(tmp_path / "out", "--fault", fault, "--patience", "10")
    assert done.returncode == 1, done.stdout + done.stderr
    assert said in done.stdout
    steps = json.loads((tmp_path / "out" / "steps.json").read_text(encoding="utf-8"))
    assert said in steps["failure"]


def _shown(picture: Path) -> bytes:
    """Return the picture below the head, in which the clock runs."""
    with Image.open(picture) as image:
        return image.crop((0, image.height // 10, *image.size)).tobytes()


def prove(out: Path, name_masked: str, language: str = "zh-Hans") -> None:
    steps = json.loads((out / "steps.json").read_text(encoding="utf-8"))
    assert steps["failure"] == ""
    assert steps["steps"][-1]["state"] == "Attract"
    assert all((out / step["picture"]).stat().st_size > 5_000 for step in steps["steps"])
    states = {step["name"]: step["state"] for step in steps["steps"]}
    # Everything that a member sees on either visit; between the visits the kiosk is as the next person finds it.
    assert {step["language"] for step in steps["steps"] if step["state"] != "Attract"} == {language}
    assert states["card being written"] in {"WritingCard", "Activating"}
    assert states["typing"] == "FillingForm"
    pictures = [(step["name"], _shown(out / step["picture"])) for step in steps["steps"] if step["name"] not in ELSEWHERE]
    assert not [(first, second) for (first, seen), (second, seen_next) in pairwise(pictures) if seen == seen_next]
    proved = json.loads((out / "proved.json").read_text(encoding="utf-8"))
    assert proved["heard"] == ["take_card"]
    assert proved["card"]["is_good"]
    assert proved["card"]["name_masked"] == name_masked
    assert "HR1" not in (out / "mail.eml").read_text(encoding="utf-8")
    # Of the membership, of the redemption, of the feedback; 200 points for joining, 165 for the purchase, a towel for 100.
    assert [len(PdfReader(out / name).pages) for name in ("slip.pdf", "slip-2.pdf", "slip-3.pdf")] == [1, 1, 1]
    assert proved["points"] == 265
    assert "key 0: aes, own value" in (out / "card.txt").read_text(encoding="utf-8")


def test_the_journey_in_simplified_chinese(tmp_path: Path) -> None:
    done = run(tmp_path / "out")
    assert done.returncode == 0, done.stdout + done.stderr
    prove(tmp_path / "out", "欧阳**")


@pytest.mark.long
@pytest.mark.parametrize(("language", "name_masked"), [("zh-Hant", "欧阳**"), ("en", "Alex ***")])
def test_the_journey_in_other_languages(tmp_path: Path, language: str, name_masked: str) -> None:
    done = run(tmp_path / "out", "--language", language)
    assert done.returncode == 0, done.stdout + done.stderr
    prove(tmp_path / "out", name_masked, language)
