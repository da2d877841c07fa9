"""What became of a slip, and printing it once more. A state with `slip` and `is_copy` takes these rules for its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Protocol

from kiosk.flows.register.state import PrintChosen, SlipFailed, SlipPrinted
from kiosk.flows.step import Rule, Step
from kiosk.ports.values import Receipt, Visitor


@dataclass(frozen=True, slots=True)
class PrintDeed:
    """Print the receipt of what was done; answers SlipPrinted or SlipFailed."""

    receipt: Receipt
    name_masked: str
    is_copy: bool


class Proved(Protocol):
    """A state of something that was done, with what proves it: its slip is none, printing, printed, failed or unknown."""

    @property
    def visitor(self) -> Visitor:
        """Who did it."""
        ...

    @property
    def receipt(self) -> Receipt | None:
        """What proves it; None where the centre gave nothing."""
        ...

    @property
    def is_copy(self) -> bool:
        """What is printed, or was, is a copy."""
        ...


def deed(state: Proved) -> PrintDeed:
    """Return the order for the slip."""
    return PrintDeed(state.receipt or Receipt("", ""), state.visitor.name_masked, state.is_copy)


def prove(done: Any, receipt: Receipt | None) -> Step:
    """Return the step onto `done`, a state like Proved, whose slip is printed at once where there is a receipt."""
    if receipt is None:
        return Step(done)
    printing = replace(done, receipt=receipt, slip="printing")
    return Step(printing, (deed(printing),))


def slip_rules(state: type, order: Callable[[Any], Any]) -> dict[tuple[type, type], Rule]:
    """Return the rules of `state`; `order` makes the effect that prints its slip, as a copy where it says so."""

    def again(before: Any, _event: PrintChosen) -> Step:
        if before.slip == "printing" or (before.slip == "printed" and before.is_copy):
            return Step(before)
        # What came out, or may have, is never printed a second time as an original.
        is_copy = before.is_copy or before.slip in {"printed", "unknown"}
        after = replace(before, slip="printing", is_copy=is_copy)
        return Step(after, (order(after),))

    def ended(before: Any, event: SlipPrinted | SlipFailed) -> Step:
        ordered = order(before)
        if isinstance(ordered, PrintDeed) and event.number not in {"", ordered.receipt.number}:
            # That of the page before, which still printed when the member went on.
            return Step(before)
        if isinstance(event, SlipPrinted):
            return Step(replace(before, slip="printed"))
        return Step(replace(before, slip="unknown" if event.is_unknown else "failed"))

    return {
        (state, SlipPrinted): ended,
        (state, SlipFailed): ended,
        (state, PrintChosen): again,
    }
