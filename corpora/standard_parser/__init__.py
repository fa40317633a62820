"""Imports a teaching standard of the official template from a read document, for any major.

Document -> source items (lines, tables) -> outline (canonical sections) -> section readers -> Standard and report.
"""

from corpora.standard_parser.compare import ComparisonRow, compare_standards, comparison_table
from corpora.standard_parser.parse import parse_standard
from corpora.standard_parser.report import ImportedStandard, ImportReport, Unplaced

__all__ = [
    "ComparisonRow",
    "ImportReport",
    "ImportedStandard",
    "Unplaced",
    "compare_standards",
    "comparison_table",
    "parse_standard",
]
