"""Proving a phone number by a one-time code: a part of other journeys."""
