"""Feedback: saying something in a few taps, and following up what became of it."""
