"""A team to look at: invented, lively, the same on every machine."""
