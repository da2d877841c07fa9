"""Feedback: what members say at a device and hear back, and what staff do with it."""
