"""Versioned rule files. A published file is never edited: a change is a new file with a new version and its first day."""
