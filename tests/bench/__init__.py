"""The benchmark: `python -m tests.bench [--json] [--check]`."""
