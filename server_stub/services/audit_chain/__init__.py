"""The seal of the audit trail: its chain, the head kept outside the database, and the check of both."""
