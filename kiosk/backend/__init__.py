"""Gateways to the central service: deadlines, retry, request ids, status to our errors. The kiosk's only user of proto/."""
