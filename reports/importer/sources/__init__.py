"""Files, folders and archives into weekly pages, one at a time."""
