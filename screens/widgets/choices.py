"""What a picker offers, level by level: places by GB/T 2260, dates by decade, year, month and day. Knows no widget."""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from kiosk.regions.table import Region, Regions
from kiosk.texts import Texts


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing to choose: `value` as it is kept, `text` as it is shown."""

    value: str
    text: str


@dataclass(frozen=True, slots=True)
class Grid:
    """How many columns and rows of choices a page has, normally and in large type."""

    columns: int = 3
    rows: int = 4
    columns_large: int = 2
    rows_large: int = 3


PLACES = Grid()
DIGITS = Grid(4, 3, 3, 3)
DAYS = Grid(8, 4, 6, 3)


class Choices(Protocol):
    """Levels of choices. `path` holds the values chosen so far."""

    def after(self, path: Sequence[str]) -> Sequence[Choice]:
        """Return what can be chosen next; nothing when the path is complete."""
        ...

    def grid(self, level: int) -> Grid:
        """Return the shape of a page at `level`, from 0."""
        ...


class PlaceChoices:
    """Province, city, district: values are GB/T 2260 codes."""

    def __init__(self, regions: Regions) -> None:
        """Walk `regions`."""
        self._regions = regions

    def after(self, path: Sequence[str]) -> Sequence[Choice]:
        """Return provinces, then cities, then districts; places without a level below are complete."""
        return [Choice(region.code, region.name) for region in self._below(path)]

    def _below(self, path: Sequence[str]) -> Sequence[Region]:
        match len(path):
            case 0:
                return self._regions.provinces()
            case 1:
                return self._regions.cities(path[0])
            case 2:
                return self._regions.districts(path[1])
            case _:
                return ()

    def grid(self, level: int) -> Grid:  # noqa: ARG002 - all levels are alike
        """Return the shape of a page."""
        return PLACES


class DateChoices:
    """Decade, year, month, day: values are "1980", "1988", "05", "06"."""

    def __init__(self, earliest: date, latest: date, tr: Texts) -> None:
        """Offer dates from `earliest` to `latest`, both included."""
        self._earliest, self._latest, self._tr = earliest, latest, tr

    def after(self, path: Sequence[str]) -> Sequence[Choice]:
        """Return decades, years of one, months of a year, days of a month."""
        match len(path):
            case 0:
                decades = range(self._earliest.year // 10 * 10, self._latest.year + 1, 10)
                return [Choice(str(year), self._tr("date.decade", year=year)) for year in decades]
            case 1:
                years = range(max(int(path[0]), self._earliest.year), min(int(path[0]) + 9, self._latest.year) + 1)
                return [Choice(str(year), str(year)) for year in years]
            case 2:
                months = [month for month in range(1, 13) if self._has_days(int(path[1]), month)]
                return [Choice(f"{month:02}", self._tr(f"month.{month}")) for month in months]
            case 3:
                return [Choice(f"{day:02}", str(day)) for day in self._days(int(path[1]), int(path[2]))]
            case _:
                return ()

    def _days(self, year: int, month: int) -> list[int]:
        last = calendar.monthrange(year, month)[1]
        return [day for day in range(1, last + 1) if self._earliest <= date(year, month, day) <= self._latest]

    def _has_days(self, year: int, month: int) -> bool:
        return bool(self._days(year, month))

    def grid(self, level: int) -> Grid:
        """Return the shape of a page: days need many small cells."""
        return DAYS if level == 3 else DIGITS


def date_of(path: Sequence[str]) -> str:
    """Return the complete `path` of a DateChoices as an ISO date."""
    return f"{path[1]}-{path[2]}-{path[3]}"
