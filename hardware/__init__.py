"""Devices: drivers, their errors and their wire emulators; knows nothing of members."""
