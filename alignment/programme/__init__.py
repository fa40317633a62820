"""The audit of a programme plan: rules recomputed, contradictions, courses, support, chapters, resources, annex."""
