"""What points that are not used yet mean in the accounts (IFRS 15 B39 to B47, CAS 14): allocation, cohorts, breakage. Pure.

Points are never money: the amounts here are shares of what members paid for goods, never a price at which points are sold (china.md 4.4).
"""
