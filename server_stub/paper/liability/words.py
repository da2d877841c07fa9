"""The words of the report. Knows no figures."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping

from server_stub.paper.words import Words, read_words


@functools.cache
def load_words() -> Mapping[str, Words]:
    """Returns the words by ``table.name``."""
    return read_words("server_stub.paper.liability")


def all_characters() -> Iterator[str]:
    """Yields every character that the words need."""
    for words in load_words().values():
        yield from str(words)
