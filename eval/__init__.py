"""Measuring: quality on labelled documents and speed beside peers."""
