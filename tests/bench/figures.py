"""Order statistics of samples."""

from __future__ import annotations

import math
from collections.abc import Sequence


def percentile(samples: Sequence[float], part: float) -> float:
    """Return the smallest sample that at least `part` (0..1) of the samples do not exceed.

    Raises:
        ValueError: there are no samples.
    """
    if not samples:
        raise ValueError("no samples")
    ordered = sorted(samples)
    return ordered[max(0, math.ceil(len(ordered) * part) - 1)]
