"""Facts in tables."""
def table_facts(document,start,end,annex_start):
    return ()
