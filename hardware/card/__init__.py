"""Membership cards: readers, links to a card, and what lies on it. Knows no member and no screen."""
