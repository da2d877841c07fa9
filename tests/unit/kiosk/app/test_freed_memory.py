"""The kiosk knows whether its memory is overwritten when it is freed, and what is freed cannot be read back."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from kiosk.app.freed_memory import NEEDED, require_overwriting
from kiosk.config import ConfigError, Profile

SETTINGS = dict(word.split("=", 1) for word in NEEDED.split())
ASK = "from kiosk.app.freed_memory import is_overwritten; print(is_overwritten())"
# Strings of every length, as Python keeps them: which of their bytes can be read after they were freed?
READ_BACK = """
import ctypes, sys
narrow = lambda n: ''.join(chr(97 + (n + i * 7) % 26) for i in range(n))
wide = lambda n: ''.join(chr(0x6000 + n * 64 + i) for i in range(n))
left = 0
# Both made beforehand: a new object would take the place of the freed one.
before, after = ctypes.create_string_buffer(400), ctypes.create_string_buffer(400)
for make, width in ((narrow, 1), (wide, 2)):
    for length in range(3, 120):
        text = make(length)
        bytes_long = width * length
        start = id(text) + sys.getsizeof(text) - bytes_long - width
        ctypes.memmove(before, start, bytes_long)
        del text
        ctypes.memmove(after, start, bytes_long)
        left += any(before.raw[i:i + 3] == after.raw[i:i + 3] for i in range(bytes_long - 2))
print(left)
"""


def printed(program: str, without: str = "") -> str:
    environment = {**os.environ, **{name: value for name, value in SETTINGS.items() if name != without}}
    if without:
        environment.pop(without, None)
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, timeout=50, check=True)
    return done.stdout.strip()


def test_a_store_is_not_served_by_a_process_that_keeps_what_it_frees() -> None:
    with pytest.raises(ConfigError, match=r"junk:free"):
        require_overwriting(Profile.PRODUCTION)


def test_a_developer_is_told(caplog: pytest.LogCaptureFixture) -> None:
    require_overwriting(Profile.DEVELOPMENT)
    assert "not overwritten" in caplog.text


@pytest.mark.parametrize("missing", SETTINGS)
def test_no_setting_is_superfluous(missing: str) -> None:
    assert printed(ASK, without=missing) == "False"


def test_the_settings_are_known_when_they_hold() -> None:
    assert printed(ASK) == "True"


def test_no_freed_string_of_any_length_can_be_read_back() -> None:
    assert printed(READ_BACK) == "0"


def test_without_the_allocator_freed_strings_can_be_read_back() -> None:
    assert int(printed(READ_BACK, without="LD_PRELOAD")) > 10
