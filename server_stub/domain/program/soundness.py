"""What of a faulty rule file can be examined all the same, and which findings of meaning rest on what cannot. Knows no single lint.

A fault in one place hides no fault in another; and no finding is made up of what stands in for a field that could not be read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from server_stub.domain.program.flaws import RuleFinding, RuleFlaw
from server_stub.domain.program.parameters import Parameters
from server_stub.domain.program.parsing import read_params
from server_stub.domain.program.rule_file import HEAD
from server_stub.domain.program.values import BadField

PARAMS, NAMES = "params", "names"
_MULTIPLIERS, _REWARDS = "multipliers", "rewards"
_EVERY_PARAMETER = frozenset(one.name for one in fields(Parameters))

# By the last word of the place: the other fields that a finding there rests on.
_RESTS_ON: Mapping[str, frozenset[str]] = {
    "tier": frozenset({"tiers"}),
    "min_tier": frozenset({"tiers"}),
    "tag": frozenset({"excluded_sale_tags"}),
    "stores": frozenset({"redeem_stores"}),
    "void_below": frozenset({"expiry"}),
    "void_spares_join_year": frozenset({"expiry"}),
    "expiry_months": frozenset({"expiry"}),
    "redeem_rewards_only": frozenset({_REWARDS}),
}


@dataclass(frozen=True, slots=True)
class Sound:
    """What of a file could be read.

    Attributes:
        head: Values of the head by name, without parameters.
        params: As the file has them; of multipliers and rewards, those that could be read.
        unsound: Fields and parameters that could not be read, wholly or in part.
    """

    head: Mapping[str, Any]
    params: Mapping[str, Any]
    unsound: frozenset[str]

    def without_base(self) -> Sound:
        """Returns the same where nobody knows what the file is based on: what it does not say is unknown too."""
        return Sound(self.head, self.params, self.unsound | (_EVERY_PARAMETER - set(self.params)) | {NAMES})

    def bears(self, finding: RuleFinding) -> bool:
        """Returns whether a finding of meaning rests on nothing but what could be read."""
        return not _rests_on(finding) & self.unsound


def sound_part(document: Mapping[str, Any], params: Mapping[str, Any]) -> Sound:
    """Returns what of a document and its parameters can be read."""
    readers = {**HEAD.required, **HEAD.optional}
    head = {name: readers[name](value) for name, value in document.items() if name in readers and _is_read(readers[name], value)}
    head.pop(PARAMS, None)
    unsound = {name for name in document if name in readers and name not in head and name != PARAMS}
    kept: dict[str, Any] = {}
    for name, value in params.items():
        is_sound = _is_read(read_params, {name: value})
        if is_sound or name in (_MULTIPLIERS, _REWARDS):
            kept[name] = value if is_sound else _sound_elements(name, value)
        if not is_sound:
            unsound.add(name)
    return Sound(head, kept, frozenset(unsound))


def _sound_elements(name: str, value: Any) -> Any:
    if name == _MULTIPLIERS:
        return [part for part in value if _is_read(read_params, {name: [part]})] if isinstance(value, list) else []
    table = value if isinstance(value, Mapping) else {}
    return {key: part for key, part in table.items() if _is_read(read_params, {name: {key: part}})}


def _is_read(read: Any, value: Any) -> bool:
    try:
        read(value)
    except BadField:
        return False
    return True


def _rests_on(finding: RuleFinding) -> frozenset[str]:
    parts = finding.field.split(".")
    if parts[0] == NAMES:
        # Of multipliers those that can be read stay, so that a name that is missing is missing; one too many may be of another.
        is_of_one = parts[1] == _MULTIPLIERS and finding.flaw is RuleFlaw.NAME_MISSING
        return frozenset({NAMES} if is_of_one else {NAMES, parts[1]})
    if parts[0] != PARAMS:
        return frozenset({parts[0]})
    others = _RESTS_ON.get(parts[-1], frozenset())
    # An element of a table stands by itself: the others may be faulty.
    own = frozenset() if parts[1] in (_MULTIPLIERS, _REWARDS) else frozenset({parts[1]})
    if parts[1] == _MULTIPLIERS and finding.flaw is RuleFlaw.NEVER_TRUE and parts[-1] == finding.about:
        others |= {"stacking"}
    if finding.flaw is RuleFlaw.ALWAYS_TRUE and parts[-1] == "dates":
        others |= {"effective_from"}
    return own | others
