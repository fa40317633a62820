"""What is read: standards, documents, parsers, segments and judgments (the lowest floor)."""
