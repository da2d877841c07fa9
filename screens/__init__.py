"""Pixels: Kivy screens and widgets; decides nothing."""
