"""The contract between kiosk and central service."""
