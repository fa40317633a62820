"""Clause decomposition: cuts a statement into its smallest teachable elements.

How it goes: sentences (；。) -> clauses (，) -> predicates (a verb run over its objects, conditions skipped)
-> items of the object list -> cuts with key, span, verb and level.
"""

from corpora.elements.cutting import Cut, decompose, elements_of

__all__ = ["Cut", "decompose", "elements_of"]
