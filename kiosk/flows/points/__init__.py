"""A member's points by lot and by entry, the statement on paper, and purchases with the points of each."""
