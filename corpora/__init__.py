"""What is read: standards, documents, parsers, segments and judgments (the lowest floor)."""

__version__ = "0.1.0"
