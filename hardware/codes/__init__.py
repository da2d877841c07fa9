"""Reads bar codes from pictures: the interface (`api`) and the decoder of zbar (`zbar`)."""
