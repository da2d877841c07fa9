"""The member's benefits."""
