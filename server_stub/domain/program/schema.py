"""The JSON schema of rule files, made from the dataclasses and ranges that the reader has, so that an editor says the same.

``python -m server_stub.domain.program.schema`` writes ``rules.schema.json``; a test sees that it is current. Knows no file of rules.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from enum import StrEnum
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints

from server_stub.domain.language import Language
from server_stub.domain.program.document import as_document
from server_stub.domain.program.limits import LIMITS, LONGEST_TEXT
from server_stub.domain.program.parameters import Multiplier, Parameters, RewardTerms, TierLevel

SCHEMA_FILE = Path(__file__).with_name("rules.schema.json")

_TEXT = {"type": "string", "minLength": 1, "maxLength": LONGEST_TEXT}
_ID = {"type": "string", "pattern": "^[A-Za-z0-9._:-]{1,64}$"}
_DAY = {"type": "string", "format": "date"}
_CONDITIONS = ("dates", "birthday", "tag", "tier", "tender_only")
_FILE_NAMES = {"from_day": "from", "until_day": "until"}
_TABLES: dict[type, tuple[str, tuple[str, ...]]] = {
    Multiplier: ("multipliers", ("code", "pct")),
    TierLevel: ("tiers", ("name", "min")),
    RewardTerms: ("rewards", ("points",)),
}


def schema() -> dict[str, Any]:
    """Returns the schema; days may also be TOML's own."""
    words = {"type": "object", "additionalProperties": False, "properties": {language.value: _TEXT for language in Language}}
    names = {"type": "object", "additionalProperties": words}
    properties: dict[str, Any] = {
        "format": {"const": 1},
        "version": _ID,
        "effective_from": _DAY,
        "based_on": {**_ID, "default": "plain"},
        "notice_days": {"type": "integer", "minimum": 0, "maximum": 3650, "default": 30},
        "benefit_change": _ID,
        "names": {"type": "object", "additionalProperties": False, "properties": {"tiers": names, "multipliers": names}},
        "params": _parameters(),
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Rules of the membership programme",
        "type": "object",
        "additionalProperties": False,
        "required": ["format", "version", "params"],
        "properties": properties,
    }


def schema_text() -> str:
    """Returns the schema as its file has it."""
    return json.dumps(schema(), ensure_ascii=False, indent=2) + "\n"


def _parameters() -> dict[str, Any]:
    hints, defaults = get_type_hints(Parameters), as_document(Parameters())
    properties = {f.name: {**_of(hints[f.name], f.name), "default": defaults[f.name]} for f in fields(Parameters)}
    return {"type": "object", "additionalProperties": False, "properties": properties}


def _of(kind: Any, name: str) -> dict[str, Any]:
    """Returns the schema of a type; ``name`` finds the range of whole numbers."""
    if isinstance(kind, UnionType):
        inner = [part for part in get_args(kind) if part is not NoneType]
        found = _of(inner[0], name)
        # Of the things that may be missing, a file writes null for the stores alone, and TOML has no null at all.
        return {"anyOf": [found, {"type": "null"}]} if name == "redeem_stores" else found
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return {"enum": [choice.value for choice in kind]}
    if kind in _TABLES:
        return _table(kind)
    origin = get_origin(kind)
    if origin is Mapping:
        return {"type": "object", "propertyNames": _ID, "additionalProperties": _of(get_args(kind)[1], name)}
    return _list(get_args(kind), name) if origin is tuple else _single(kind, name)


def _list(parts: tuple[Any, ...], name: str) -> dict[str, Any]:
    if Ellipsis in parts:
        return {"type": "array", "items": _of(parts[0], name)}
    return {"type": "array", "items": _of(parts[0], name), "minItems": len(parts), "maxItems": len(parts)}


def _single(kind: Any, name: str) -> dict[str, Any]:
    if kind is bool:
        return {"type": "boolean"}
    if kind is int:
        least, most = LIMITS[name]
        return {"type": "integer", "minimum": least, "maximum": most}
    return _DAY if kind is date else _TEXT


def _table(kind: type) -> dict[str, Any]:
    name, required = _TABLES[kind]
    hints = get_type_hints(kind)
    properties = {_FILE_NAMES.get(f.name, f.name): _of(hints[f.name], f"{name}.{f.name}") for f in fields(kind)}
    found: dict[str, Any] = {"type": "object", "additionalProperties": False, "required": list(required), "properties": properties}
    if kind is Multiplier:
        properties["birthday"] = {"const": True}
        found["oneOf"] = [{"required": [condition]} for condition in _CONDITIONS]
    return found


if __name__ == "__main__":
    SCHEMA_FILE.write_text(schema_text(), encoding="utf-8")
