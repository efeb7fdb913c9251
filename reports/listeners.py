"""Connects facts_changed to the compile. The weekly engineer fills this in."""
