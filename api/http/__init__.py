"""What all routes share: pages, problems, forms, lists, events, idempotency, ETags, static files, metrics."""
