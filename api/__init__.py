"""Faces: HTTP, page, command line, rendering and storage."""
