"""Many documents against one standard: read, aligned and kept document by document, so that any end can be resumed."""
