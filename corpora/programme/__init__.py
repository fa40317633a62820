"""What a programme plan (人才培养方案) states: its course tables, time tables, shares and figures, each with its place."""
