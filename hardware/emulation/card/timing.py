"""How long a real card would take: time on the air and in the chip. Knows no commands' meaning.

Lower bounds of ISO/IEC 14443-3 and -4: 9 bits per byte, two framing bytes and two of checksum per block, blocks of 64
bytes, 86.4 us between frames. Times of the chip are the middle of what is told of such cards; they are not measured.
"""

from __future__ import annotations

from dataclasses import dataclass

_BLOCK = 60
_FRAMING = 4
_BETWEEN_FRAMES_S = 86.4e-6
_CHIP_S = {0x71: 0.008, 0x77: 0.008, 0xAA: 0.008, 0x1A: 0.008, 0xAF: 0.007, 0x5A: 0.002, 0xA4: 0.002, 0xC7: 0.0075, 0xC4: 0.010}
_CHIP_S |= dict.fromkeys((0xCA, 0xCD, 0xCB, 0xC0, 0xFC), 0.014) | dict.fromkeys((0x8D, 0x3D), 0.0045)
_CHIP_OTHER_S = 0.0035


@dataclass(frozen=True, slots=True)
class AirTime:
    """Speed of the air interface in kbit/s: 106, 212, 424 or 848; 0 takes no time at all."""

    kbit_per_s: int = 0

    def seconds(self, command: bytes, response: bytes) -> float:
        """Return the time from the first bit of the command to the last one of the response."""
        if not self.kbit_per_s:
            return 0.0
        blocks = -(-len(command) // _BLOCK) + -(-len(response) // _BLOCK)
        bits = 9 * (len(command) + len(response) + _FRAMING * blocks)
        chip = _CHIP_S.get(command[1] if len(command) > 1 else 0, _CHIP_OTHER_S)
        return bits / (self.kbit_per_s * 1000) + 2 * blocks * _BETWEEN_FRAMES_S + chip
