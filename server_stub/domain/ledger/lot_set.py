"""The lots of one book, read when somebody looks at one: members who come daily have thousands, and a sale needs none. Knows no row."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, MutableMapping, ValuesView
from dataclasses import dataclass
from datetime import date

from server_stub.domain.ledger.lots import Lot


@dataclass(frozen=True, slots=True)
class Totals:
    """What lots add up to on a day: free and available, free and not available yet, held."""

    available: int = 0
    pending: int = 0
    held: int = 0


@dataclass(frozen=True, slots=True)
class Unread:
    """Lots that nobody has looked at.

    Attributes:
        totals: What they add up to, for as long as nothing is due.
        read: Returns them; it is asked once at most.
    """

    totals: Totals
    read: Callable[[], Iterable[Lot]]


class LotSet(MutableMapping[str, Lot]):
    """Lots by id. Looking at any of them reads all; adding one reads none."""

    def __init__(self, lots: Iterable[Lot] = (), unread: Unread | None = None) -> None:
        """Begins with lots that are there and, where asked, others that can be read."""
        self._known = {lot.lot_id: lot for lot in lots}
        self._unread = unread

    @property
    def is_read(self) -> bool:
        """Returns whether every lot is there."""
        return self._unread is None

    @property
    def known(self) -> ValuesView[Lot]:
        """Returns the lots that are there already, without reading any."""
        return self._known.values()

    def totals(self, day: date) -> Totals:
        """Returns what the lots add up to on the day; lots that nobody has looked at count as they were said to."""
        rest = self._unread.totals if self._unread else Totals()
        available, pending, held = rest.available, rest.pending, rest.held
        for lot in self._known.values():
            held += lot.held
            if is_available(lot, day):
                available += lot.free
            else:
                pending += lot.free
        return Totals(available, pending, held)

    def __getitem__(self, lot_id: str) -> Lot:
        """Returns a lot."""
        return self._read()[lot_id]

    def __setitem__(self, lot_id: str, lot: Lot) -> None:
        """Adds a lot."""
        self._known[lot_id] = lot

    def __delitem__(self, lot_id: str) -> None:
        """Takes a lot out."""
        del self._read()[lot_id]

    def __iter__(self) -> Iterator[str]:
        """Yields the ids."""
        return iter(self._read())

    def __len__(self) -> int:
        """Returns how many there are."""
        return len(self._read())

    def values(self) -> ValuesView[Lot]:
        """Returns the lots."""
        return self._read().values()

    def _read(self) -> dict[str, Lot]:
        if self._unread is not None:
            unread, self._unread = self._unread, None
            # What was added meanwhile comes after what had been there.
            self._known = {lot.lot_id: lot for lot in unread.read()} | self._known
        return self._known


def is_available(lot: Lot, day: date) -> bool:
    """Returns whether the lot's free points can be spent on the day."""
    return lot.available_on is not None and lot.available_on <= day
