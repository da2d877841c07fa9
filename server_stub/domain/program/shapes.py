"""Objects and lists of a rule file or a till script: which names they have and what stands under them. Knows no name.

What is wrong is reported by gravity, wherever it stands: an unknown name before a missing one, and that before a wrong value
(till-script.md, order of checks). What is raised tells of the rest too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from server_stub.domain.program.values import BadField, Flaw

T = TypeVar("T")
Reader = Callable[[Any], Any]
Fields = Mapping[str, Any]

_GRAVITY = tuple(Flaw)


def _nothing_more(_document: Fields, _found: Fields) -> Flaw | None:
    return None


@dataclass(frozen=True, slots=True)
class Shape:
    """An object with these names.

    Attributes:
        required: Readers of what must be there.
        optional: Readers of what may be there.
        also: Looks at the whole: the object as it came, and the values that were read; names may be missing in both.
    """

    required: Mapping[str, Reader]
    optional: Mapping[str, Reader] = field(default_factory=dict)
    also: Callable[[Fields, Fields], Flaw | None] = _nothing_more

    def read(self, value: Any) -> dict[str, Any]:
        """Returns the values that were read, by name; what is not there is not there.

        Raises:
            BadField: The gravest flaw.
        """
        if not isinstance(value, dict):
            raise BadField
        readers = {**self.required, **self.optional}
        flaws = [BadField(Flaw.UNKNOWN_FIELD, name) for name in value if name not in readers]
        flaws += [BadField(Flaw.MISSING_FIELD, name) for name in self.required if name not in value]
        found = _read_each(((name, readers[name], item) for name, item in value.items() if name in readers), flaws)
        whole = self.also(value, found)
        _raise_gravest(flaws if whole is None else [*flaws, BadField(whole)])
        return found


def list_of(read: Callable[[Any], T], least: int = 0, most: int | None = None) -> Callable[[Any], tuple[T, ...]]:
    """Returns a reader of a list of so many items."""

    def read_all(value: Any) -> tuple[T, ...]:
        if not isinstance(value, list):
            raise BadField
        flaws = [] if least <= len(value) and (most is None or len(value) <= most) else [BadField()]
        found = _read_each(((str(place), read, item) for place, item in enumerate(value, 1)), flaws)
        _raise_gravest(flaws)
        return tuple(found.values())

    return read_all


def table_of(read_key: Callable[[str], Any], read: Callable[[Any], T]) -> Callable[[Any], dict[Any, T]]:
    """Returns a reader of an object with free keys; a key that cannot be read is a wrong value, for it is no field."""

    def read_all(value: Any) -> dict[Any, T]:
        if not isinstance(value, dict):
            raise BadField
        flaws: list[BadField] = []
        keys = _read_each(((key, read_key, key) for key in value), flaws)
        found = _read_each(((key, read, item) for key, item in value.items()), flaws)
        _raise_gravest(flaws)
        return {keys[name]: item for name, item in found.items()}

    return read_all


def _read_each(items: Iterable[tuple[str, Reader, Any]], flaws: list[BadField]) -> dict[str, Any]:
    found = {}
    for name, read, item in items:
        try:
            found[name] = read(item)
        except BadField as error:
            flaws += [BadField(one.flaw, f"{name}.{one.field}" if one.field else name) for one in error.every]
    return found


def _raise_gravest(flaws: list[BadField]) -> None:
    if flaws:
        gravest = min(flaws, key=lambda error: _GRAVITY.index(error.flaw))
        gravest.every = tuple(flaws)
        raise gravest
