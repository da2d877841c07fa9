"""Development gateways: processes of their own that speak the wire the adapters speak. Never part of the service."""
