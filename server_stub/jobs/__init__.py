"""What the service does by itself, by the calendar. Knows no caller."""
