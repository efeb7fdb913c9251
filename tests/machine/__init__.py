"""The machine on real parts: PostgreSQL, Redis, web, two workers, beat, and a mail server.

Everything here is a process of its own; a test kills, stops or delays one and looks at what the
others make of it. By default it is all done in a minute or so; ``MACHINE_FULL=1`` takes the times
of real life (Redis away for a minute).
"""
