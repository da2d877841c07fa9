"""Rewards: the catalogue as a file says it, the code with which a piece is picked up, and when a one-time code is asked for."""
