"""The one way out for mail. It knows neither application; both send by it.

- ``models``: ``OutboxRow``, what every row that is sent has in common: state, attempts, lease.
- ``outbox``: rows are claimed, settled as sent, failed or unwanted, and tried again later.
- ``sender``: sends claimed rows as mails over one connection.
- ``smtp_errors``: what an error of the mail server says about the next attempt.
- ``message``: composes a mail: subject, text, HTML and the same head for every kind.
- ``mime``: writes a mail fast, encoding once what all copies have in common.
- ``kept_mails``: the mails that were written to files instead of being sent.
"""
