"""What flows ask of the outside: protocols and plain values; no wire and no pixel is known here."""
