"""The schedule of a plan: its course tables read row by row, choices between courses, stated totals."""
