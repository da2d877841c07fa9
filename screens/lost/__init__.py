"""Screens of lost and found cards."""
