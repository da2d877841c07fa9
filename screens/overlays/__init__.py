"""Dialogs that lie over any screen: more time, really end, take the card, choose a language."""
