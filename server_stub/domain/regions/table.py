"""Answers what is known of a region code: in force now, given out at some time, or unknown. Plausibility only.

Source: GB/T 2260 and its amendments, as collected by the works named in NOTICE.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Region:
    """A region code.

    Attributes:
        code: Six digits.
        name: Its last name, e.g. 东城区.
        last_year: Last year in which it was given out; None while in force.
    """

    code: str
    name: str
    last_year: int | None


class Regions:
    """The table."""

    def __init__(self, regions: dict[str, Region]) -> None:
        self._regions = regions
        in_force = (code for code, region in regions.items() if region.last_year is None)
        self._cities = {f"{code[:4]}00" for code in in_force if not code.endswith("00")}

    def find(self, code: str) -> Region | None:
        """Returns the region, abolished or not; None where the code was never given out."""
        return self._regions.get(code)

    def is_in_force(self, code: str) -> bool:
        """Returns whether the code is in force."""
        region = self._regions.get(code)
        return region is not None and region.last_year is None

    def has_districts(self, code: str) -> bool:
        """Returns whether the code is a city's and districts below it are in force."""
        return code in self._cities

    def could_be_issued(self, code: str, birth_year: int) -> bool:
        """Returns whether somebody born in that year can have an ID number with this code.

        A number is given at the first registration, which may be years after birth but never before it, and stays for
        life: only a code abolished before the birth is implausible.
        """
        region = self._regions.get(code)
        return region is not None and not code.endswith("0000") and (region.last_year is None or region.last_year >= birth_year)


@functools.cache
def load_regions() -> Regions:
    """Returns the table that ships with the service."""
    text = files(__package__).joinpath("regions.tsv").read_text(encoding="utf-8")
    regions: dict[str, Region] = {}
    for line in text.splitlines()[1:]:
        code, last, name = line.split("\t")
        regions[code] = Region(code, name, int(last) if last else None)
    return Regions(regions)
