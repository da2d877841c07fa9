"""Places by their codes of GB/T 2260, for the address picker; no screen and no member is known here."""
