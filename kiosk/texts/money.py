"""Amounts of money as texts say them. Pure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Yuan:
    """An amount that a text is filled with: in English after its ¥ with both decimals, before a 元 without those that say nothing."""

    fen: int

    def in_language(self, language: str) -> str:
        """Return the digits as the language writes them."""
        exact = f"{self.fen / 100:,.2f}"
        return exact if language == "en" else exact.removesuffix(".00")
