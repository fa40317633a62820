"""Reads documents of any supported format."""
