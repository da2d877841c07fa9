"""Makes the recordings from the texts; runs in an environment of its own (.ci/voice), never on a kiosk."""
