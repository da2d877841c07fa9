"""The scripts of the specification give exactly their results, on either database; every reason has its words."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

import server_stub.till
from kiosk.texts import LANGUAGES, load_catalogue
from server_stub.till.reasons import ScriptReason
from tests.model.comparison import agrees
from tests.model.reasons import Reason
from tests.support.till_scripts import EXAMPLES, expected, play, player_on


def test_there_are_scripts() -> None:
    assert len(EXAMPLES) >= 14


@pytest.mark.parametrize("script", EXAMPLES, ids=lambda path: path.stem)
def test_a_script_gives_its_expected_lines(script: Path, database_address: str, tmp_path: Path) -> None:
    with player_on(database_address, tmp_path) as player:
        got = play(script.read_text(encoding="utf-8"), player)
    wanted = expected(script)
    assert len(got) == len(wanted)
    assert [(one, other) for one, other in zip(wanted, got, strict=True) if not agrees(one, other)] == []


@pytest.mark.parametrize("reason", Reason)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_of_a_script_has_its_words(reason: str, language: str) -> None:
    own = tomllib.loads((Path(server_stub.till.__file__).parent / "reasons.toml").read_text(encoding="utf-8"))
    assert set(own) == {one.value for one in ScriptReason}
    if reason in own:
        assert own[reason][language].strip()
    else:
        assert all(load_catalogue().say(language, key).strip() for key in (f"reason.{reason}", f"reason.{reason}.help"))
