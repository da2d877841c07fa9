"""The wording of messages: data files with every message in three languages and its ways. Knows no gateway.

A file `templates/<name>.toml` names its variables and has for each way a table with one text per language. Anything missing is
found when the files are read, not when a member waits.
"""

from __future__ import annotations

import html
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from server_stub.messages.message import Rendered, Way

if TYPE_CHECKING:
    from collections.abc import Mapping

LANGUAGES = ("zh-Hans", "zh-Hant", "en")
TEMPLATES = Path(__file__).parent / "templates"
_PARTS = {Way.SMS: ("text",), Way.MAIL: ("subject", "text")}
_VARIABLE = re.compile(r"\{([a-z_]+)\}")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


class WordingError(Exception):
    """A data file is incomplete; found when it is read."""


class VariableMissing(Exception):
    """A message lacks a value; it is not sent. The text names template and variable, never a value."""


@dataclass(frozen=True, slots=True)
class _Template:
    name: str
    variables: frozenset[str]
    parts: Mapping[tuple[Way, str], Mapping[str, str]]


class Wording:
    """All templates, read and checked.

    Thread:
        any.
    """

    def __init__(self, folder: Path = TEMPLATES) -> None:
        """Reads the files.

        Raises:
            WordingError: a language, a part or a declared variable is missing.
        """
        self._templates = {path.stem: _read(path) for path in sorted(folder.glob("*.toml"))}

    @property
    def names(self) -> frozenset[str]:
        """Returns the names of the templates."""
        return frozenset(self._templates)

    def variables(self, name: str) -> frozenset[str]:
        """Returns the variables that a template needs."""
        return self._templates[name].variables

    def render(self, name: str, way: Way, language: str, variables: Mapping[str, str]) -> tuple[str, str, str]:
        """Returns subject, text and HTML.

        Raises:
            VariableMissing: no such template, way or language, or a value is absent or empty.
        """
        template = self._templates.get(name)
        parts = template.parts.get((way, language)) if template else None
        if template is None or parts is None:
            raise VariableMissing(f"{name}: no text for {way.value} in {language}")
        for variable in sorted(template.variables):
            if not variables.get(variable):
                raise VariableMissing(f"{name}: {variable}")
        clean = {key: _CONTROL.sub("", value) for key, value in variables.items()}
        subject = _filled(parts.get("subject", ""), {key: value.replace("\n", " ") for key, value in clean.items()})
        text = _filled(parts["text"], clean)
        return subject, text, _as_html(subject, text, language) if way is Way.MAIL else ""

    def message(self, name: str, way: Way, language: str, variables: Mapping[str, str], recipient: str, dedupe_key: str) -> Rendered:
        """Returns the message; see `render`."""
        subject, text, as_html = self.render(name, way, language, variables)
        return Rendered(recipient, subject, text, as_html, dedupe_key)


def _read(path: Path) -> _Template:
    tree = tomllib.loads(path.read_text(encoding="utf-8"))
    declared = frozenset(tree.pop("variables"))
    parts: dict[tuple[Way, str], dict[str, str]] = {}
    for way_name, texts in tree.items():
        way = Way(way_name.upper())
        for language in LANGUAGES:
            parts[way, language] = _parts(path.stem, way, language, texts)
    used = {name for texts in parts.values() for text in texts.values() for name in _VARIABLE.findall(text)}
    if used != declared:
        raise WordingError(f"{path.name}: variables {sorted(used ^ declared)} are declared or used, not both")
    return _Template(path.stem, declared, parts)


def _parts(name: str, way: Way, language: str, texts: Mapping[str, Any]) -> dict[str, str]:
    found = {}
    for part in _PARTS[way]:
        text = texts.get(part, {}).get(language, "").strip("\n")
        if not text:
            raise WordingError(f"{name}: {way.value} has no {part} in {language}")
        found[part] = text
    return found


def _filled(text: str, variables: Mapping[str, str]) -> str:
    """One pass, so that a value that looks like a variable stays what it is."""
    return _VARIABLE.sub(lambda match: variables[match[1]], text)


def _as_html(subject: str, text: str, language: str) -> str:
    paragraphs = "".join(f"<p>{html.escape(part).replace(chr(10), '<br>')}</p>" for part in text.split("\n\n"))
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>{html.escape(subject)}</title></head>'
        f'<body style="font:16px/1.6 sans-serif;max-width:36em;margin:2em auto;padding:0 1em">{paragraphs}</body></html>'
    )
