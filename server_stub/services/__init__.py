"""Use cases: each is one transaction, refused or done as a whole. Roles are checked here. Knows no transport and no SQL."""
