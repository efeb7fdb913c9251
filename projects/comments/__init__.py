"""Comments under the entries: written and taken back, shown, and told of by mail.

- ``mentions``: whom a text names after an @. Pure.
- ``writing``: the write path.
- ``threads``: the comments of entries, as the screens show them.
- ``mails``: one mail a day to each whom comments concern; ``letters``: what it says.

Comments are talk about an entry, no part of it: no document, edition, digest or export has them,
and writing one makes no page stale.
"""
