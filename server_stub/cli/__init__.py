"""The command line of the central service."""
