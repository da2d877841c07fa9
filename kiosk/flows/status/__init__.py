"""Asking after an application by its number and the phone that applied."""
