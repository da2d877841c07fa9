"""What the name data is made from: lists of other packages and our own estimates; needed by the build step only, never by a kiosk."""
