"""Devices that speak the wire, as processes of their own, under the production drivers: for tests and for `make run`."""
