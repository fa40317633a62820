"""Rows in a database, files and results on disk."""
