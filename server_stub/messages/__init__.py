"""Messages to people: wording, gateways and their delivery."""
