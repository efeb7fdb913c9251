"""The only part of the importer that reads and writes the database."""
