"""Fixtures of judgement: see ``judging``."""

from __future__ import annotations

from tests.api.reviews.judging import desk

__all__ = ["desk"]
