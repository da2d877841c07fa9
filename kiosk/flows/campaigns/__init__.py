"""Campaigns: the list, one of them with how it stands with who is here, taking part, and wishing to be told."""
