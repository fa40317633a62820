"""Judgement: candidates, matches, coverage, gaps, suggestions and programme rules."""
