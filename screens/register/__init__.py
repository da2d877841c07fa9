"""The screens of joining: age, consent, notice, phone, form, check, and what became of the application."""
