"""The processes of ``make run``: kept running, and gone with whoever started them."""
