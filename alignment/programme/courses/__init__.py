"""The plan's courses against those of the standard, and against each other."""
