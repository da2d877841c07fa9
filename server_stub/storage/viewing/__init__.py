"""Reading members' own views in batches."""
