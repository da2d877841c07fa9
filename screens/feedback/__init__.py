"""Feedback: faces and phrases, the keyboard, the case number, and what became of it."""
