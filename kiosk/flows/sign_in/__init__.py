"""Signing in by card, or by phone number and code."""
