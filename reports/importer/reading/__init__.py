"""The text of a page into facts. Pure."""
