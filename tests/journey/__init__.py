"""The whole product on one machine, played by touches on the real window; `make run` and the end-to-end tests use it."""
