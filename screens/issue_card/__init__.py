"""The screens of writing a card and handing it over."""
