"""The kiosk process: what happens, without pixels and without wires."""
