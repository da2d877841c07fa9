"""The rule sets that ship with the service, one rule file each: what differs from the defaults. Knows no member and no version in force."""

from __future__ import annotations

import functools
import tomllib
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from server_stub.domain.program.parsing import parse
from server_stub.domain.program.rule_file import Base, RuleNames, plain_days

if TYPE_CHECKING:
    from server_stub.domain.program.parameters import Parameters

PLAIN = "plain"
# The chain's own programme: what a new installation begins with, until two people publish something else. No till script names it.
HOUSE = "house"
RULE_SETS = ("yonghui-card", "hexing-mall", "wanjia-plaza", PLAIN)


@functools.cache
def load_rule_set(name: str) -> Parameters:
    """Returns the parameters of one of ``RULE_SETS``, or of the house's own.

    Raises:
        KeyError: There is no such rule set.
    """
    return parse(rule_set_document(name)["params"])


def rule_set_document(name: str) -> dict[str, Any]:
    """Returns one of ``RULE_SETS``, or the house's own, as its file says it.

    Raises:
        KeyError: There is no such rule set.
    """
    if name not in (*RULE_SETS, HOUSE):
        raise KeyError(name)
    found: dict[str, Any] = plain_days(
        tomllib.loads(files("server_stub.domain.program").joinpath("rule_sets", f"{name}.toml").read_text("utf-8"))
    )
    return found


def shipped_base(name: str) -> Base | None:
    """Returns a shipped rule set as something to base a file on, or None where there is none of that name."""
    if name not in (*RULE_SETS, HOUSE):
        return None
    return Base(load_rule_set(name), RuleNames(**rule_set_document(name).get("names", {})))
