"""Loads the kv file that lies beside a module: call `load_beside(__file__)` once in the module's body.

`Metrics` is known in every kv file: `Metrics.dp` is px for each design px, `Metrics.fontscale` is above 1 in large type.
"""

from __future__ import annotations

from pathlib import Path

from kivy.lang import Builder
from kivy.lang.parser import global_idmap
from kivy.metrics import Metrics

global_idmap["Metrics"] = Metrics


def load_beside(module_file: str) -> None:
    """Load the kv file of `module_file` unless it has been loaded: a second load would double every rule."""
    path = str(Path(module_file).with_suffix(".kv"))
    if path not in Builder.files:
        Builder.load_file(path)
