"""Reads bar codes from pictures: the interface (`api`) the decoder of zbar (`zbar`), and what makes pictures of a PDF (`poppler`)."""
