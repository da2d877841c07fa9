"""The member's coupons."""
