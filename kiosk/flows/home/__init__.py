"""Attract screen and menu."""
