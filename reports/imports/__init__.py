"""Old pages imported in the browser: handed in, read by a worker, reviewed, applied, undone."""
