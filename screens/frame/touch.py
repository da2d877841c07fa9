"""What a touch on a button sends: shared by pages whose buttons come from a table. Knows no pixels."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Choice:
    """A button of a message.

    Attributes:
        test_id: Stable name for tests.
        text: Text key.
        event: What it sends.
        icon: Name of an icon before the words, "" for none.
    """

    test_id: str
    text: str
    event: object
    icon: str = ""
