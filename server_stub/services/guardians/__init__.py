"""Guardians of members under 14: who may be one, what they may do for a child, and how the link ends. Knows no transport."""
