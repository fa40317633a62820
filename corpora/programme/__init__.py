"""What a programme plan (人才培养方案) states: its course tables, week tables, shares and figures."""
