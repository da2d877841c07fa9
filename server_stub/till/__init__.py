"""Till scripts: a neutral way to play sales, returns, redemptions and coupons against the service (till-script.md)."""
