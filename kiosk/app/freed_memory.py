"""Whether this process overwrites the memory that it frees, so that a visit leaves nothing in it (docs/decisions/0009).

Knows the allocator, nothing of what is kept in memory. Thread: any.
"""

from __future__ import annotations

import ctypes
import logging
import os

from kiosk.config import ConfigError, Profile

log = logging.getLogger(__name__)

NEEDED = "LD_PRELOAD=libjemalloc.so.2 MALLOC_CONF=abort_conf:true,junk:free,narenas:1 PYTHONMALLOC=malloc"
"""Environment with which the kiosk is started (Debian: libjemalloc2)."""


def is_overwritten() -> bool:
    """Tell whether what Python and the libraries free is overwritten: asks jemalloc itself (jemalloc(3), opt.junk)."""
    try:
        ask = ctypes.CDLL(None).mallctl
    except AttributeError:
        return False
    junk = ctypes.c_char_p()
    size = ctypes.c_size_t(ctypes.sizeof(junk))
    failed = ask(b"opt.junk", ctypes.byref(junk), ctypes.byref(size), None, ctypes.c_size_t(0))
    # Python's own pools would keep small objects aside and never give them to jemalloc.
    return not failed and junk.value in (b"free", b"true") and os.environ.get("PYTHONMALLOC") == "malloc"


def require_overwriting(profile: Profile) -> None:
    """Refuse to serve members in a process that would keep their values; a developer is only told.

    Raises:
        ConfigError: in the production profile.
    """
    if is_overwritten():
        return
    if profile is Profile.PRODUCTION:
        raise ConfigError(f"freed memory is not overwritten; start with {NEEDED}")
    log.warning("freed memory is not overwritten, visits leave traces in it; start with %s", NEEDED)
