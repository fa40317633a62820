"""What users can do, one module a subject: rights checked, rows and results put together. Routes call these."""
