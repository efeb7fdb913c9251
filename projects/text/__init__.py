"""How texts, names, dates and numbers are written and compared."""
