"""Screens of a guardian's children."""
