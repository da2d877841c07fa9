"""What must survive power loss at the kiosk: the journal of intents."""
