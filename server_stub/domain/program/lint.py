"""Examines a file of rules: names everything that is wrong with it, field by field. Knows no database and no TOML.

Structure first (each parameter by itself, so that one flaw hides no other), then the meaning (``meaning``) of what could be read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from server_stub.domain.benefit_change import load_notice_rules
from server_stub.domain.language import Language
from server_stub.domain.program.flaws import RuleFinding, RuleFlaw
from server_stub.domain.program.forbidden import forbidden_names
from server_stub.domain.program.meaning import findings_of_meaning
from server_stub.domain.program.naming import MULTIPLIERS, TIERS, findings_of_name
from server_stub.domain.program.parameters import Parameters
from server_stub.domain.program.parsing import read_params
from server_stub.domain.program.rule_file import HEAD, Base, RuleFile, RuleNames
from server_stub.domain.program.shapes import Reader
from server_stub.domain.program.soundness import Sound, sound_part
from server_stub.domain.program.values import BadField, Flaw

BASE = "plain"
# A window of no length is told apart from a wrong number.
_WINDOWS = ("hold_minutes", "expiry_months")
# Each element is read by itself, so that all that are wrong are named.
_TABLES = ("multipliers", "rewards")

FindBase = Callable[[str], Base | None]


@dataclass(frozen=True, slots=True)
class Examined:
    """What became of a file.

    Attributes:
        rules: None where the file has no sound structure.
        findings: Empty where nothing is wrong.
    """

    rules: RuleFile | None
    findings: tuple[RuleFinding, ...]


def examine(document: Mapping[str, Any], today: date, find_base: FindBase) -> Examined:
    """Reads and examines a rule file.

    Args:
        document: As TOML or JSON gives it, days as texts.
        today: Day of examining; rules begin tomorrow at the earliest, because those of today are in force already.
        find_base: Returns what a name in ``based_on`` stands for.
    """
    params = document.get("params")
    params = params if isinstance(params, Mapping) else {}
    forbidden = [RuleFinding(where, RuleFlaw.FORBIDDEN_ATTRIBUTE, about) for where, about in forbidden_names(params)]
    named = {finding.field for finding in forbidden}
    structural = [*_head_findings(document), *_params_findings(params)]
    # What is forbidden is often unknown too; then the first says more.
    shown = [finding for finding in structural if not _is_within(finding.field, named)]
    sound = sound_part(document, params)
    based_on = sound.head.get("based_on", BASE)
    base = None if "based_on" in sound.unsound else find_base(based_on)
    if base is None:
        shown += [] if "based_on" in sound.unsound else [RuleFinding("based_on", RuleFlaw.BASE_UNKNOWN, based_on)]
        sound = sound.without_base()
    rules = _read(sound, base or Base(Parameters(), RuleNames()))
    meant = (*_date_findings(rules, today), *_name_findings(rules), *findings_of_meaning(rules, sound.params, today))
    findings = (*forbidden, *shown, *filter(sound.bears, meant))
    return Examined(None if structural or base is None else rules, findings)


def examine_together(files: Mapping[str, Examined]) -> dict[str, tuple[RuleFinding, ...]]:
    """Returns what is wrong with files only beside each other: versions and first days that two of them claim."""
    found: dict[str, tuple[RuleFinding, ...]] = {}
    versions: dict[str, str] = {}
    days: dict[date, str] = {}
    for name, examined in files.items():
        rules, wrong = examined.rules, []
        if rules is not None and versions.setdefault(rules.version, name) != name:
            wrong.append(RuleFinding("version", RuleFlaw.VERSION_TAKEN, versions[rules.version]))
        if rules is not None and rules.effective_from is not None and days.setdefault(rules.effective_from, name) != name:
            wrong.append(RuleFinding("effective_from", RuleFlaw.EFFECTIVE_TAKEN, days[rules.effective_from]))
        found[name] = tuple(wrong)
    return found


def _read(sound: Sound, base: Base) -> RuleFile:
    head = sound.head
    own = head.get("names", {})
    parameters = replace(base.parameters, **read_params(dict(sound.params)))
    names = _of(parameters, RuleNames(own.get("tiers", {}), own.get("multipliers", {})).over(base.names), own)
    return RuleFile(
        version=head.get("version", ""),
        effective_from=head.get("effective_from"),
        based_on=head.get("based_on", BASE),
        notice_days=head.get("notice_days", load_notice_rules().minimum_days),
        benefit_change=head.get("benefit_change", ""),
        names=names,
        parameters=parameters,
    )


def _of(parameters: Parameters, names: RuleNames, own: Mapping[str, Any]) -> RuleNames:
    """Leaves out what the base named and these rules do not have any more; the file's own stay, so that they are found."""
    tiers = {level.name for level in parameters.tiers} | set(own.get("tiers", {}))
    codes = {multiplier.code for multiplier in parameters.multipliers} | set(own.get("multipliers", {}))
    return RuleNames(
        {key: words for key, words in names.tiers.items() if key in tiers},
        {key: words for key, words in names.multipliers.items() if key in codes},
    )


def _head_findings(document: Mapping[str, Any]) -> Iterator[RuleFinding]:
    required, optional = HEAD.required, HEAD.optional
    for name in required:
        if name not in document:
            yield RuleFinding(name, RuleFlaw.MISSING_FIELD)
    for name, value in document.items():
        read = required.get(name) or optional.get(name)
        if read is None:
            yield RuleFinding(name, RuleFlaw.UNKNOWN_FIELD, name)
            continue
        yield from _tried(read, value, name)


def _params_findings(params: Mapping[str, Any]) -> Iterator[RuleFinding]:
    for name, value in params.items():
        where = f"params.{name}"
        if name in _WINDOWS and value == 0 and not isinstance(value, bool):
            yield RuleFinding(where, RuleFlaw.ZERO_WINDOW, "0")
        elif name == "tiers":
            yield from _tier_findings(value)
        elif name in _TABLES and isinstance(value, list | Mapping):
            yield from _table_findings(name, value)
        else:
            yield from _tried(_params_reader(name), value, "params")


def _table_findings(name: str, value: Any) -> Iterator[RuleFinding]:
    if isinstance(value, list):
        for place, part in enumerate(value, 1):
            shown = part.get("code") if isinstance(part, Mapping) and isinstance(part.get("code"), str) else place
            yield from _tried(_params_reader(name), [part], f"params.{name}.{shown}", f"{name}.1")
    elif isinstance(value, Mapping) and name == "rewards":
        for key, part in value.items():
            yield from _reward_findings(key, part)
    else:
        yield RuleFinding(f"params.{name}", RuleFlaw.BAD_FIELD)


def _reward_findings(key: str, part: Any) -> Iterator[RuleFinding]:
    first, last = (part.get("from"), part.get("until")) if isinstance(part, Mapping) else (None, None)
    if isinstance(first, str) and isinstance(last, str) and first > last:
        yield RuleFinding(f"params.rewards.{key}.until", RuleFlaw.ZERO_WINDOW, f"{first} > {last}")
        part = {name: value for name, value in part.items() if name != "until"}
    yield from _tried(_params_reader("rewards"), {key: part}, f"params.rewards.{key}", f"rewards.{key}")


def _tier_findings(value: Any) -> Iterator[RuleFinding]:
    levels = value if isinstance(value, list) and all(isinstance(level, Mapping) for level in value) else []
    floors = [level.get("min") for level in levels]
    if not all(isinstance(floor, int) and not isinstance(floor, bool) for floor in floors) or not levels:
        yield from (*_level_findings(levels), *_tried(_params_reader("tiers"), value, "params"))
        return
    found = [*_floor_findings([int(floor or 0) for floor in floors]), *_level_findings(levels)]
    yield from found or _tried(_params_reader("tiers"), value, "params")


def _floor_findings(floors: Sequence[int]) -> Iterator[RuleFinding]:
    if floors[0] > 0:
        yield RuleFinding("params.tiers.1.min", RuleFlaw.TIERS_GAP, f"0 - {floors[0] - 1}")
    for place, (low, high) in enumerate(pairwise(floors), 2):
        if low >= high:
            yield RuleFinding(f"params.tiers.{place}.min", RuleFlaw.TIERS_OVERLAP, f"{low} >= {high}")


def _level_findings(levels: Sequence[Mapping[str, Any]]) -> Iterator[RuleFinding]:
    names = [level.get("name") for level in levels]
    for place, name in enumerate(names, 1):
        if name is not None and name in names[: place - 1]:
            yield RuleFinding(f"params.tiers.{place}.name", RuleFlaw.TWICE, str(name))


def _date_findings(rules: RuleFile, today: date) -> Iterator[RuleFinding]:
    least = load_notice_rules().minimum_days
    if rules.notice_days < least:
        yield RuleFinding("notice_days", RuleFlaw.NOTICE_TOO_SHORT, f"{rules.notice_days} < {least}")
    if rules.effective_from is not None and rules.effective_from < today + timedelta(days=1):
        yield RuleFinding("effective_from", RuleFlaw.EFFECTIVE_PAST, rules.effective_from.isoformat())


def _name_findings(rules: RuleFile) -> Iterator[RuleFinding]:
    kinds = (
        (TIERS, rules.names.tiers, {level.name for level in rules.parameters.tiers}),
        (MULTIPLIERS, rules.names.multipliers, {multiplier.code for multiplier in rules.parameters.multipliers}),
    )
    for kind, names, keys in kinds:
        for key in sorted(set(names) - keys):
            yield RuleFinding(f"names.{kind}.{key}", RuleFlaw.UNKNOWN_FIELD, key)
        for key in sorted(keys):
            for language in Language:
                name, where = names.get(key, {}).get(language.value, ""), f"names.{kind}.{key}.{language.value}"
                if name.strip():
                    yield from findings_of_name(kind, name, language, where)
                else:
                    yield RuleFinding(where, RuleFlaw.NAME_MISSING)


def _params_reader(name: str) -> Reader:
    return lambda value: read_params({name: value})


def _tried(read: Reader, value: Any, where: str, instead: str = "") -> Iterator[RuleFinding]:
    """Yields what a reader finds wrong; ``instead`` is the reader's own name of the place, which ``where`` says better."""
    try:
        read(value)
    except BadField as error:
        for one in error.every:
            inner = one.field.removeprefix(instead).removeprefix(".")
            yield RuleFinding(f"{where}.{inner}" if inner else where, _FLAW[one.flaw], inner.rsplit(".", 1)[-1] if inner else "")


def _is_within(where: str, places: set[str]) -> bool:
    return any(where == place or place.startswith(f"{where}.") or where.startswith(f"{place}.") for place in places)


_FLAW = {flaw: RuleFlaw(flaw.value) for flaw in Flaw}
