"""The member's own pages; this far: my membership."""
