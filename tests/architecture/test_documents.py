"""Documents stay true as far as a machine can see: links and paths lead somewhere, commands exist, decisions are listed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.architecture.tree import ROOT, text, tracked

LINK = re.compile(r"\[[^\]]*\]\((?!https?:|#|mailto:)([^)#\s]+)[^)]*\)")
# A path of the repository in the text or in code marks; <name> stands for a name and is not looked up.
PATH = re.compile(r"(?<![\w/<.-])((?:kiosk|hardware|screens|proto|server_stub|tests|docs|deploy|\.ci)/[\w./-]*[\w/])(?![\w<*{])")
FENCED = re.compile(r"^```\w*\n(.*?)^```", re.MULTILINE | re.DOTALL)
MAKE = re.compile(r"`make ([a-z][a-z-]*)")
MAKE_LINE = re.compile(r"^make ([a-z][a-z-]*)", re.MULTILINE)
SECTIONS = ("## Context", "## Decision", "## Consequences")
GENERATED_LATER = {"docs/benchmarks.md"}


def _documents() -> list[Path]:
    return [path for path in tracked() if path.suffix == ".md"]


def _decisions() -> list[Path]:
    return [path for path in _documents() if path.parent == Path("docs/decisions") and path.name != "README.md"]


@pytest.mark.parametrize(
    "name",
    ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md", "docs/errors.md", "docs/operations.md", "docs/decisions/README.md"],
)
def test_the_documents_that_there_must_be(name: str) -> None:
    assert len(text(Path(name)).splitlines()) > 5


@pytest.mark.parametrize("document", _documents(), ids=str)
def test_links_lead_somewhere(document: Path) -> None:
    assert not [link for link in LINK.findall(text(document)) if not (ROOT / document.parent / link).exists()]


@pytest.mark.parametrize("document", _documents(), ids=str)
def test_paths_exist(document: Path) -> None:
    known = {str(path) for path in tracked()} | {str(parent) for path in tracked() for parent in path.parents} | GENERATED_LATER
    gone = [path for path in PATH.findall(text(document)) if path.rstrip("/") not in known and "<" not in path]
    assert not gone


@pytest.mark.parametrize("document", _documents(), ids=str)
def test_make_targets_exist(document: Path) -> None:
    targets = set(re.findall(r"^([a-z][a-z-]*):", text(Path("Makefile")), re.MULTILINE))
    shown = {target for block in FENCED.findall(text(document)) for target in MAKE_LINE.findall(block)}
    assert not ({*MAKE.findall(text(document))} | shown) - targets


def test_every_decision_is_listed_once() -> None:
    index = text(Path("docs/decisions/README.md"))
    assert _decisions()
    assert not [path.name for path in _decisions() if index.count(f"]({path.name})") != 1]


def test_decision_numbers_are_unique() -> None:
    numbers = [path.name[:4] for path in _decisions()]
    assert len(numbers) == len(set(numbers))


@pytest.mark.parametrize("decision", _decisions(), ids=str)
def test_a_decision_says_why_what_and_what_follows(decision: Path) -> None:
    assert text(decision).startswith(f"# {decision.name[:4]} ")
    assert [section for section in SECTIONS if f"\n{section}\n" not in text(decision)] == []


def test_every_make_target_for_people_is_described() -> None:
    listed = set(re.findall(r"^([a-z][a-z-]*):.*## ", text(Path("Makefile")), re.MULTILINE))
    assert {"run", "test", "check", "verify", "shots", "bench", "clean", "help"} <= listed
