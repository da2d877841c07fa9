"""Composition root of the kiosk: the only place that builds drivers, channel, screens and loop."""
