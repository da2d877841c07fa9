"""Campaigns: what staff load and stop, what kiosks show, taking part, and reminders."""
