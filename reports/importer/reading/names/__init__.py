"""Where the name of a project or a person stands in a line, and what stands around it. Pure."""
