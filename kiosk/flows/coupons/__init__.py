"""The coupons of a member: what can be used, what was used, what ended; one of them as a code for the till."""
