"""A virtual card on a virtual reader: a process that speaks vpcd's wire protocol and behaves like a DESFire EV2 chip.

Written from the card's side and independent of `hardware.card.layout`, so that a mistake in the one is not hidden by the
same mistake in the other. What it models and what it does not: docs/virtual-card.md.
"""
