"""What is heard: the voice's prompts and the earcons."""
