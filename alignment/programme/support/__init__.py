"""The matrix of competencies and courses, from the plan's own table and from content."""
