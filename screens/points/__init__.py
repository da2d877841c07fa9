"""Points by lot and by entry, the statement, and purchases."""
