"""The audit of a programme plan in every format: one view prepares the rows, one module a format lays them out."""
