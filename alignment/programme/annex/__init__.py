"""Course standards annexed to a plan, and coverage as the union over them."""
