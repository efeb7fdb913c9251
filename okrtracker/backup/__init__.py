"""A backup and its restore, and the move from one database to another."""
