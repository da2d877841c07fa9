"""The complete central service of the membership."""
