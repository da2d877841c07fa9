"""One customer at a time: which journey is active, idle time, language, effects, wiping personal data."""
