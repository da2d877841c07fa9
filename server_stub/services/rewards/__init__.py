"""Rewards at the service: catalogue, stock, what the member before a kiosk can have, picking up, receipts."""
