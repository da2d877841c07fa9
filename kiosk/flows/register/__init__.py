"""Joining: age band, consent, phone, form, review, submission and its outcomes."""
