"""How a plan adds up: sums with choices counted once, totals stated and recomputed, the hour structure."""
