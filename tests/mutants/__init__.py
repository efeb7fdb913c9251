"""Forty small faults, one at a time, and the tests that have to notice them: see ``__main__``."""
