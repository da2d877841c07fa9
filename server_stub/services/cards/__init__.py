"""Cards at the centre: every command is computed here, the kiosk only relays."""
