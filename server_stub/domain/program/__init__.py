"""The programme's rules as data: parameters, and the rule sets of three real programmes. Knows no sale and no member."""
