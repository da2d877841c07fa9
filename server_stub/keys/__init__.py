"""The service's keys: where they lie and what may be done with them."""
