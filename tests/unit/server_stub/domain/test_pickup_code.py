"""The code with which a reward is picked up: what is mistyped is noticed, what is only written differently is not."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server_stub.domain.rewards.pickup_code import ALPHABET, new_code, read_code, shown

seeds = st.integers(0, 2**32).map(lambda seed: new_code(random.Random(seed).randrange))


@pytest.mark.parametrize("typed", ["", "7", "7KQ2MXRT", "7KQ2MXRT44", "0000000O0", "IL1O0IL1O", "领取码", "7" * 9999, "\x00" * 9])
def test_what_is_no_code_is_none(typed: str) -> None:
    assert read_code(typed) is None


@given(seeds, st.integers(0, 8), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_noticed(code: str, place: int, other: str) -> None:
    wrong = code[:place] + other + code[place + 1 :]
    assert (read_code(wrong) is None) is (wrong != code)


@given(seeds, st.integers(0, 7))
def test_neighbours_that_changed_places_are_noticed(code: str, place: int) -> None:
    wrong = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    assert (read_code(wrong) is None) is (wrong != code)


@given(seeds)
def test_a_code_is_read_however_it_is_written(code: str) -> None:
    wide = "".join(chr(ord(character) + 0xFEE0) for character in code)
    for typed in (code, shown(code), shown(code).lower(), f" {code[:3]} {code[3:6]}\u3000{code[6:]} ", wide):
        assert read_code(typed) == code


def test_codes_look_as_promised() -> None:
    assert len(ALPHABET) == 31
    assert not set("01OIL") & set(ALPHABET)
    assert shown("7KQ2MXRT4") == "7KQ-2MX-RT4"
