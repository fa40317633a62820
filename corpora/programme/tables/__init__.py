"""Tables of a plan that are not its schedule: shares of categories, weeks of semesters."""
