"""The screens of asking after an application."""
