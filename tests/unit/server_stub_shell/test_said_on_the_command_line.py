"""What the command line says where it does nothing: one line in human words, the code, and for programs JSON in three languages."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import server_stub.cli
from server_stub.cli.files import write_private
from server_stub.cli.given import day, number
from server_stub.cli.main import _parser, main
from server_stub.cli.output import Exit, Printer
from server_stub.cli.wording import Wording
from server_stub.domain.reasons import Reason
from server_stub.domain.refusals import Finding, Refused

if TYPE_CHECKING:
    from collections.abc import Iterator

SET_STOCK = ("stock", "set", "towel", "--store", "S001", "--reason", "x", "--count")
REFUSED = Refused(Reason.REQUEST_MALFORMED, (Finding("as_of", Reason.FUTURE_DATE),), retry_after_s=5)


def actions(parser: argparse.ArgumentParser) -> Iterator[argparse.Action]:
    """Every argument of every command."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for below in action.choices.values():
                yield from actions(below)
        else:
            yield action


def said(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    """What is said of words that the parser refuses."""
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code == Exit.USAGE
    return capsys.readouterr().err.splitlines()[-1]


@pytest.mark.parametrize("text", ["", "yesterday", "2026-02-30", "20260131", "2026-W01-1", "2026-1-31", "２０２６-01-31"])
def test_what_is_no_day_is_said_to_be_none(text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError, match="is no day such as"):
        day(text)


@pytest.mark.parametrize("text", ["", "x", "1.0", "1e3", "-1", "11", "9" * 5000, "٣"])
def test_a_number_outside_its_range_is_told_the_range(text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError, match=r"not a whole number from 0 to 10$"):
        number(0, 10)(text)
    assert [number(0, 10)(good) for good in ("0", "10")] == [0, 10]


def test_every_number_of_every_command_fits_the_database() -> None:
    found = 0
    for action in actions(_parser()):
        if callable(action.type) and action.type.__qualname__ == number(0).__qualname__:
            for text in (str(2**63), str(-(2**63) - 1), "9" * 20, "-" + "9" * 20):
                with pytest.raises(argparse.ArgumentTypeError, match="is not a whole number from"):
                    action.type(text)
            found += 1
        # A bare int takes any length.
        assert action.type is not int
    assert found > 8


def test_no_argument_tells_the_name_of_a_function() -> None:
    """A reader that raises ValueError makes argparse print its name: invalid _server value."""
    found = 0
    for action in actions(_parser()):
        if action.type not in (None, Path):
            assert callable(action.type)
            with pytest.raises(argparse.ArgumentTypeError):
                action.type("no such thing")
            found += 1
    assert found > 15


@pytest.mark.parametrize(
    ("words", "end"),
    [
        (("till", "simulate", "--members", "999999999999"), "'999999999999' is not a whole number from 1 to 100000"),
        (("till", "simulate", "--sales", "-1"), "'-1' is not a whole number from 0 to 500000"),
        (("till", "play", "x", "--database", "mysql://x"), "e.g. postgresql://ROLE@HOST/NAME"),
        ((*SET_STOCK, "-1"), "'-1' is not a whole number from 0 to 1000000"),
        (
            ("stock", "set", "towel", "--store", "S001", "--reason", "x", "--count", "1000001"),
            "'1000001' is not a whole number from 0 to 1000000",
        ),
        (("review", "list", "--limit", "9" * 20), f"'{'9' * 20}' is not a whole number from 1 to {2**63 - 1}"),
        (
            ("review", "return", "A1", "--version", "1", "--reason", "DETAILS_WRONG", "--mend", "name"),
            "write name=REASON with one of: FIELD_CHARACTERS, FIELD_REQUIRED, FIELD_TOO_LONG, FIELD_TOO_SHORT, NAME_DIGITS",
        ),
        (
            ("review", "return", "A1", "--version", "1", "--reason", "DETAILS_WRONG", "--mend", "mobile=PHONE_REGION"),
            "for another one the application is withdrawn at a kiosk and made anew",
        ),
        (("report", "liability", "close", "--period", "2026-13"), "'2026-13' is no month such as 2026-10"),
        (("report", "liability", "close"), "the following arguments are required: --period"),
        (("report", "liability", "--as-of", "tomorrow"), "'tomorrow' is no day such as 2026-01-31"),
    ],
    ids=lambda part: "-".join(part) if isinstance(part, tuple) else "",
)
def test_wrong_words_are_told_what_was_expected(capsys: pytest.CaptureFixture[str], words: tuple[str, ...], end: str) -> None:
    assert said(capsys, *words).endswith(end)


@pytest.mark.parametrize(
    ("words", "about"),
    [
        (("review", "list", "--json", "--no-such"), "unrecognized arguments: --no-such"),
        (("review", "show", "--json"), "the following arguments are required: application"),
        ((*SET_STOCK, "-1", "--json"), "argument --count: '-1' is not a whole number from 0 to 1000000"),
        (("no-such-command", "--js"), "argument command: invalid choice: 'no-such-command'"),
        (("--json",), "the following arguments are required: command"),
    ],
    ids=lambda part: "-".join(part) if isinstance(part, tuple) else "",
)
def test_words_that_make_no_command_are_told_to_programs_too(
    capsys: pytest.CaptureFixture[str], words: tuple[str, ...], about: str
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(words)
    both = capsys.readouterr()
    told = json.loads(both.out)
    assert ended.value.code == Exit.USAGE
    assert (told["failed"], told["reason"], set(told["texts"])) == ("wrong", "USAGE", {"zh-Hans", "zh-Hant", "en"})
    assert told["about"].startswith(about)
    assert both.err.startswith("usage: python -m server_stub")
    assert both.err.endswith(f"error: {told['text']}\n")


def test_where_nobody_asked_for_json_none_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    for words in (("review", "show"), ("review", "show", "--no-such", "--", "--json")):
        with pytest.raises(SystemExit):
            main(words)
        assert capsys.readouterr().out == ""


def test_what_works_in_development_only_says_so_to_programs_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MEMBER_SERVICE_PROFILE", "production")
    monkeypatch.setenv("MEMBER_SERVICE_DATA_DIR", str(tmp_path))
    for words in (("develop", "--json"), ("credential", "show", "8800000000000000", "--json")):
        assert main(words) == Exit.REFUSED
        both = capsys.readouterr()
        told = json.loads(both.out)
        assert (told["reason"], both.err) == ("DEVELOPMENT_ONLY", f"refused: {told['text']}\n")


def test_a_till_script_that_cannot_be_read_is_told_to_programs_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["till", "play", str(tmp_path / "none.jsonl"), "--json"]) == Exit.USAGE
    both = capsys.readouterr()
    told = json.loads(both.out)
    assert (told["reason"], both.err) == ("INPUT_WRONG", f"wrong: {told['text']}\n")
    assert told["text"].endswith("none.jsonl cannot be read: No such file or directory")


@pytest.mark.parametrize("place", ["nowhere/x", ""])
def test_a_script_that_cannot_be_written_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str], place: str) -> None:
    words = ["till", "simulate", "--members", "1", "--sales", "0", "--script", str(tmp_path / place)]
    assert main(words) == Exit.USAGE
    plain = capsys.readouterr()
    assert (plain.out, plain.err.count("\n"), plain.err.startswith(f"wrong: {tmp_path}")) == ("", 1, True)
    assert main([*words, "--json"]) == Exit.USAGE
    both = capsys.readouterr()
    told = json.loads(both.out)
    assert (told["failed"], told["reason"], plain.err) == ("wrong", "INPUT_WRONG", f"wrong: {told['text']}\n")
    assert (told["about"], both.err) == (told["text"], plain.err)
    assert list(tmp_path.iterdir()) == []


REPORT = "report liability"
STATEMENT = "statement --member 8800000000000000 --from 2026-01-01 --to 2026-01-31 --reason AUDIT"


@pytest.mark.parametrize(("place", "end"), [(".", "is a folder; name a file"), ("no/file", "no is no folder")])
@pytest.mark.parametrize("command", [f"{REPORT} --pdf", f"{REPORT} --csv", f"{STATEMENT} --pdf"])
def test_a_paper_has_a_place_before_anybody_signs_in(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], command: str, place: str, end: str
) -> None:
    assert main([*command.split(), str(tmp_path / place)]) == Exit.USAGE
    told = capsys.readouterr()
    assert (told.out, told.err.startswith("wrong: "), told.err.endswith(f"{end}\n")) == ("", True, True)
    assert list(tmp_path.iterdir()) == []


def test_what_cannot_be_written_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(ValueError, match="folder"):
        write_private(tmp_path / "folder", b"x")
    assert [path.name for path in tmp_path.iterdir()] == ["folder"]


def test_a_refusal_names_the_codes_and_says_them_in_three_languages(capsys: pytest.CaptureFixture[str]) -> None:
    line = Wording().refusal(REFUSED)
    for part in ("REQUEST_MALFORMED: ", "as_of: FUTURE_DATE ", "日期或时间在将来", "日期或時間在將來", "in the future", "秒後再試"):
        assert part in line
    Printer(as_json=True, mark="[MARK] ").fault("refused", line, Wording().refusal_for_programs(REFUSED))
    both = capsys.readouterr()
    told: dict[str, Any] = json.loads(both.out)
    assert (both.err, told["text"]) == (f"[MARK] refused: {line}\n", line)
    assert (told["failed"], told["reason"], told["notice"], told["retry_after_s"]) == ("refused", "REQUEST_MALFORMED", "[MARK]", 5)
    assert set(told["texts"]) == {"zh-Hans", "zh-Hant", "en"}
    (finding,) = told["findings"]
    assert (finding["field"], finding["reason"]) == ("as_of", "FUTURE_DATE")
    assert finding["texts"]["zh-Hant"] == "日期或時間在將來"


def test_every_reason_has_a_text_of_each_script() -> None:
    """GB 2312 holds no traditional characters, Big5 none of the simplified ones."""
    tree = tomllib.loads((Path(server_stub.cli.__file__).parent / "reasons.toml").read_text(encoding="utf-8"))
    for table in tree.values():
        for name, texts in table.items():
            assert len(texts) == 3, name
            assert all(texts), name
            texts[0].encode("gb2312")
            texts[1].encode("big5")
            assert texts[2].isascii(), name
            # Characters that are good ones of either script, but not the ones that are meant.
            assert not set(texts[1]) & set("与适挂离种确荐复于余后"), name


def test_a_reader_that_has_read_enough_is_no_fault(tmp_path: Path) -> None:
    wrong = tmp_path / "campaigns.toml"
    wrong.write_text("[[campaign]]\nid = 5\n", encoding="utf-8")
    reading, writing = os.pipe()
    os.close(reading)
    try:
        words = [sys.executable, "-m", "server_stub", "campaigns", "load", str(wrong), "--json"]
        ended = subprocess.run(words, stdout=writing, stderr=subprocess.PIPE, text=True, timeout=60, check=False)
    finally:
        os.close(writing)
    assert (ended.returncode, ended.stderr) == (0, "")
