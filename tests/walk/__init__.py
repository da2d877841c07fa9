"""An hour of random touches, cards and codes at the whole product, in minutes: `python -m tests.walk`."""
