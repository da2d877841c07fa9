"""What a member has beside points and coupons: the birthday gift, the code for friends, changes that are announced."""
