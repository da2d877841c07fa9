"""Loads the kv file that lies beside a module: call `load_beside(__file__)` once in the module's body.

`Metrics` is known in every kv file: `Metrics.dp` is px for each design px, `Metrics.fontscale` is above 1 in large type.
"""

from __future__ import annotations

from pathlib import Path

from kivy.lang import Builder
from kivy.lang.parser import global_idmap
from kivy.metrics import Metrics
from kivy.uix.widget import Widget

global_idmap["Metrics"] = Metrics


def load_beside(module_file: str) -> None:
    """Load the kv file of `module_file` unless it has been loaded: a second load would double every rule."""
    path = str(Path(module_file).with_suffix(".kv"))
    if path not in Builder.files:
        Builder.load_file(path)
        _forget_classes()


def _forget_classes() -> None:
    """Take the imported widgets out of the names that rules see.

    Rules find a widget's class in Kivy's factory, which knows it once its module is imported. But each of the screens' 7,000 bound
    properties keeps a copy of all names: 10 MB with some fifty classes among them, 3 MB without.
    """
    for name in [name for name, value in global_idmap.items() if isinstance(value, type) and issubclass(value, Widget)]:
        del global_idmap[name]
