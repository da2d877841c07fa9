"""Pure rules of the membership: values, checks and decisions. Knows no database, no transport, no clock of its own."""
