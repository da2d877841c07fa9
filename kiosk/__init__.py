"""The kiosk process: what happens, without pixels and without wires."""

__version__ = "0.1.0"
