"""Joining: proving the phone, submitting the application, asking after it. Knows no transport."""
