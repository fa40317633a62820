"""Importing: a read file becomes one standard of the official template, or the majors of a file of profiles."""

from __future__ import annotations

from collections import Counter

from corpora.document import Document
from corpora.profiles import parse_profiles
from corpora.standard import Standard
from corpora.standard_parser import ImportedStandard, ImportReport, parse_standard


def import_standards(document: Document, code: str = "") -> tuple[ImportedStandard, ...]:
    """The standards that a file holds, each with the report of its import.

    Parameters
    ----------
    document : a read standard, or a read file of official major profiles (专业简介).
    code : the standard's code where the file does not name it.

    Raises
    ------
    StandardFormatError : the file is neither.
    """
    profiles = parse_profiles(document)
    if profiles:
        return tuple(ImportedStandard(profile, _profile_report(profile)) for profile in profiles)
    return (parse_standard(document, code),)


def _profile_report(standard: Standard) -> ImportReport:
    counts = Counter(statement.kind for statement in standard.statements)
    warnings = () if standard.elements else ("没有能力要求，不能用于对照",)
    paragraphs = sum(len(section.paragraphs) for section in standard.sections)
    return ImportReport(paragraphs, counts={**counts, "element": len(standard.elements)}, warnings=warnings)
