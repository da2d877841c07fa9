"""The parts of all screens. Each gets everything through its properties; none knows a journey or the application."""
