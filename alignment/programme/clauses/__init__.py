"""Provisions and rooms of the standard looked up in the plan."""
