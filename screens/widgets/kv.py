"""Loads the kv file that lies beside a module: call it once in the module's body."""

from __future__ import annotations

from pathlib import Path

from kivy.lang import Builder


def load_beside(module_file: str) -> None:
    """Load the kv file of `module_file` unless it has been loaded: a second load would double every rule."""
    path = str(Path(module_file).with_suffix(".kv"))
    if path not in Builder.files:
        Builder.load_file(path)
