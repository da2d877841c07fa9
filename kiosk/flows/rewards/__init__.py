"""Redeeming: the catalogue, what is chosen and confirmed, the receipt, and what a member redeemed before."""
