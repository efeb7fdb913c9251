"""A quarter of a team's life, hour by hour, against a simple model of what is true.

``quarters`` says which days were worked, ``truth`` what was saved, ``papers`` what is to be
published and mailed, ``acts``, ``managing`` and ``stories`` what people do and when. ``running``
moves the clock and ticks, ``post`` reads the mails, ``checks``, ``letters`` and ``surfaces``
compare all that is said. A run follows from its seed alone.
"""
