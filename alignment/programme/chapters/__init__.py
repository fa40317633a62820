"""The chapters that a plan should have, and the names and codes it gives."""
