"""The benchmark of DESIGN §8: `python -m tests.bench [--json] [--check]`."""
