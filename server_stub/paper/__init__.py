"""What the centre puts its signature under for members: receipts."""
