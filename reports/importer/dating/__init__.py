"""Which week a page is of: labels as people write them, headings that bear one, the page. Pure."""
