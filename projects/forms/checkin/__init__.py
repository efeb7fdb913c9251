"""The check-in's forms. Each module imports only those before it in this list.

``milestones`` (the lines inside the form), ``form`` (the entry itself), ``comparison`` (two
versions of it), ``reading`` (what the text offers to the fields), ``card`` (all of that together).
"""
