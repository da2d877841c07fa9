"""Feedback: what a case says, what may become of it, by when, and what of a text is never stored."""
