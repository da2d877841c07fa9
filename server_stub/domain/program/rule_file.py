"""A file of rules: version, day from which it holds, what it is based on, names in three languages, parameters. Knows no TOML and no lint.

docs/rules.md says how one is written. What the file does not say comes from the rules that it is based on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from server_stub.domain.language import Language
from server_stub.domain.program.document import as_document
from server_stub.domain.program.parameters import Parameters
from server_stub.domain.program.parsing import parse
from server_stub.domain.program.shapes import Shape, table_of
from server_stub.domain.program.values import BadField, between, day, identifier, text

_FORMAT = 1

# By tier or multiplier, then by language.
NamesByKey = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class RuleNames:
    """What members read for keys of the rules.

    Attributes:
        tiers: By name of the tier, each with every language.
        multipliers: By code of the multiplier, each with every language.
    """

    tiers: NamesByKey = field(default_factory=dict)
    multipliers: NamesByKey = field(default_factory=dict)

    def over(self, base: RuleNames) -> RuleNames:
        """Returns these names and those of the base that are not here."""
        return RuleNames({**base.tiers, **self.tiers}, {**base.multipliers, **self.multipliers})


@dataclass(frozen=True, slots=True)
class RuleFile:
    """A file of rules, read; the parameters and names are whole, what came from the base included.

    Attributes:
        version: Name of the version, never used again for other rules.
        effective_from: First day, in Asia/Shanghai; None: a pattern that is not to be published as it is.
        based_on: Rule set that ships with the service, or a published version.
        notice_days: Days between telling members and the first day; no less than the rules of notices say (domain/rules/notice-...).
        benefit_change: The published announcement that told them, or empty where none is needed.
    """

    version: str
    effective_from: date | None
    based_on: str
    notice_days: int
    benefit_change: str
    names: RuleNames
    parameters: Parameters


@dataclass(frozen=True, slots=True)
class Base:
    """What a file can be based on."""

    parameters: Parameters
    names: RuleNames


def as_json(rules: RuleFile) -> dict[str, Any]:
    """Returns the rules as a document of JSON values that ``from_json`` reads; it says everything, whatever the base says later."""
    return {
        "format": _FORMAT,
        "version": rules.version,
        "effective_from": rules.effective_from.isoformat() if rules.effective_from else "",
        "based_on": rules.based_on,
        "notice_days": rules.notice_days,
        "benefit_change": rules.benefit_change,
        "names": {"tiers": _copied(rules.names.tiers), "multipliers": _copied(rules.names.multipliers)},
        "params": as_document(rules.parameters),
    }


def from_json(document: Mapping[str, Any]) -> RuleFile:
    """Returns what ``as_json`` wrote."""
    return RuleFile(
        version=document["version"],
        effective_from=date.fromisoformat(document["effective_from"]) if document["effective_from"] else None,
        based_on=document["based_on"],
        notice_days=document["notice_days"],
        benefit_change=document["benefit_change"],
        names=RuleNames(**document["names"]),
        parameters=parse(document["params"]),
    )


def plain_days(value: Any) -> Any:
    """Returns a TOML tree with days as texts; TOML writes them either way."""
    match value:
        case datetime():
            return value
        case date():
            return value.isoformat()
        case Mapping():
            return {name: plain_days(part) for name, part in value.items()}
        case list():
            return [plain_days(part) for part in value]
        case _:
            return value


def _only_format(value: Any) -> int:
    if value != _FORMAT or isinstance(value, bool):
        raise BadField
    return _FORMAT


def _table(value: Any) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise BadField
    return value


# Language by language is looked at apart, so that each missing word is named.
_SOME_WORDS = Shape({}, {language.value: text for language in Language})
_NAMES = table_of(text, _SOME_WORDS.read)
# Everything but the parameters, which are read with their base.
HEAD = Shape(
    {"format": _only_format, "version": identifier, "params": _table},
    {
        "effective_from": day,
        "based_on": identifier,
        "notice_days": between(0, 3650),
        "benefit_change": identifier,
        "names": Shape({}, {"tiers": _NAMES, "multipliers": _NAMES}).read,
    },
)


def _copied(names: NamesByKey) -> dict[str, dict[str, str]]:
    return {key: dict(words) for key, words in names.items()}
