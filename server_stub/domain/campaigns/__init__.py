"""Campaigns: what a file says of one, who may take part, and why not. Knows no table and no clock."""
