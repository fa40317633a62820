"""The rules of a standard, and of local packs, judged on a programme plan."""

from alignment.programme.rules.judge import judge_rule, judge_rules
from alignment.programme.rules.quantity import quantity_of

__all__ = ["judge_rule", "judge_rules", "quantity_of"]
