"""The command lines are described: every command and every argument has its help, and docs/commands.md lists them."""

from __future__ import annotations

import argparse
from pathlib import Path

import pytest

from tests.architecture.tree import text
from tests.support.commands_page import Command, commands

# What the issue of the first journey promises.
PROMISED = {
    *("kiosk run", "kiosk card info", "kiosk card verify", "kiosk receipt verify", "kiosk config check"),
    *(f"python -m server_stub {command}" for command in ("serve", "migrate", "device enrol", "audit verify")),
    *(f"python -m server_stub review {command}" for command in ("list", "show", "claim", "approve", "return", "reject", "hold")),
}
KNOWN = commands()


def test_what_was_promised_exists() -> None:
    assert sorted(PROMISED - {command.words for command in KNOWN}) == []


@pytest.mark.parametrize("command", KNOWN, ids=lambda command: command.words)
def test_a_command_says_what_it_does(command: Command) -> None:
    assert command.purpose
    silent = [action.dest for action in command.parser._actions if not action.help or action.help == argparse.SUPPRESS]
    assert not silent


@pytest.mark.parametrize("command", KNOWN, ids=lambda command: command.words)
def test_the_page_lists_a_command(command: Command) -> None:
    assert f"### {command.words}\n" in text(Path("docs/commands.md"))
