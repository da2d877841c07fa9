"""Messages and services of the membership."""
