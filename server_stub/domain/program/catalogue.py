"""The rule sets that ship with the service, one file each: what differs from the defaults. Knows no member and no version in force."""

from __future__ import annotations

import functools
import tomllib
from importlib.resources import files
from typing import TYPE_CHECKING

from server_stub.domain.program.parsing import parse

if TYPE_CHECKING:
    from server_stub.domain.program.parameters import Parameters

PLAIN = "plain"
RULE_SETS = ("yonghui-card", "hexing-mall", "wanjia-plaza", PLAIN)


@functools.cache
def load_rule_set(name: str) -> Parameters:
    """Returns the parameters of one of ``RULE_SETS``.

    Raises:
        KeyError: There is no such rule set.
    """
    if name not in RULE_SETS:
        raise KeyError(name)
    return parse(tomllib.loads(files("server_stub.domain.program").joinpath("rule_sets", f"{name}.toml").read_text("utf-8")))
