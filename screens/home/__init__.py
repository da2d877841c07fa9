"""The start: attract screen, menu, out of service."""
