"""Chinese typing: letters in, candidates and committed text out; no screen, no field and no member is known here."""
