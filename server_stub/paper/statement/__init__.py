"""The statement of a member's points on paper, as the desk makes it."""
