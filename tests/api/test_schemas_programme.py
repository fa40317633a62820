"""The JSON of an audited programme plan."""

from __future__ import annotations

import json
from dataclasses import replace

from alignment.model import GapReport
from api.rendering import renderer
from api.schemas import ReportOut

KEYS = (
    "name code grade others course_table choices totals listed shares weeks facts problems structure contradictions "
    "courses findings support chapters clauses codes annex union conflicts"
)


def test_programme_has_its_keys_in_order_and_is_null_without_an_audit(
    audited_report: GapReport, report: GapReport
) -> None:
    """A syllabus has no audit; a plan's has every part."""
    assert list(json.loads(renderer("json")(audited_report))["programme"]) == KEYS.split()
    assert json.loads(renderer("json")(report))["programme"] is None


def test_rule_has_readings_with_their_verdicts(audited_report: GapReport) -> None:
    """The contract's keys come first, then what was added; a reading has its own value and arithmetic."""
    rule = next(r for r in json.loads(renderer("json")(audited_report))["rules"] if r["id"] == "NR06")
    assert list(rule)[:8] == ["id", "verdict", "value", "expected", "force", "arithmetic", "evidence", "note"]
    assert (rule["verdict"], rule["value"], rule["source"]) == ("pass", 25.11, "standard")
    reading = rule["readings"][0]
    assert (reading["label"], reading["verdict"], reading["value"]) == ("公共选修不计入公共基础课", "fail", 22.75)
    assert reading["evidence"][0]["quote"] == "32"


def test_every_figure_stands_at_its_locator(audited_report: GapReport) -> None:
    """Names, hours and semester cells are the document's text at their offsets; the choice is named."""
    assert audited_report.programme is not None
    text = audited_report.programme.programme.document.text
    rows = json.loads(renderer("json")(audited_report))["programme"]["course_table"]

    def at(locator: dict[str, int]) -> str:
        return text[locator["start"] : locator["end"]]

    for row in rows:
        assert at(row["locator"]) == row["name"]
        for name in ("credits", "hours", "theory", "practice"):
            assert at(row[name]["locator"]) == row[name]["text"]
        assert all(at(cell["locator"]) == cell["text"] for cell in row["semesters"])
    assert [row["choice"] for row in rows].count("方向") == 2
    assert [row["required"] for row in rows][10:13] == [True, None, None]


def test_numbers_that_are_none_become_null(audited_report: GapReport) -> None:
    """A fact of words has no number, and the JSON holds no NaN."""
    data = renderer("json")(audited_report).decode()
    facts = json.loads(data)["programme"]["facts"]
    assert [fact["figure"]["value"] for fact in facts] == [3, None]
    assert "NaN" not in data


def test_annex_has_counts_and_not_every_match(audited_report: GapReport) -> None:
    """An annexed course standard is summed up; the union tells of each element who teaches it."""
    programme = json.loads(renderer("json")(audited_report))["programme"]
    annex = programme["annex"][0]
    assert set(annex["counts"]) == {"covered", "touched", "missing"}
    scope = [m for m in audited_report.matches if m.element.statement.split(".")[0] in annex["scope"]]
    assert 0 < sum(annex["counts"].values()) == len(scope) < len(audited_report.matches)
    assert len(programme["union"]) == 363


def test_matrix_lists_marked_and_supported_cells_only(audited_report: GapReport) -> None:
    """Cells that nothing is said of are left out."""
    matrix = json.loads(renderer("json")(audited_report))["programme"]["support"]
    assert len(matrix["competencies"]) == 16
    assert 0 < len(matrix["cells"]) < 16 * len(matrix["courses"])
    assert all(cell["stated"] or cell["supports"] for cell in matrix["cells"])


def test_probabilities_are_held_to_the_unit_range(audited_report: GapReport) -> None:
    """A probability that leaves 0..1 by rounding does not break the report."""
    audit = audited_report.programme
    assert audit is not None
    clause = replace(audit.clauses[0], probability=1.0000002)
    out = ReportOut.from_report(replace(audited_report, programme=replace(audit, clauses=(clause,))))
    assert out.programme is not None
    assert out.programme.clauses[0].probability == 1.0


def test_document_names_the_files_that_it_was_joined_from(audited_report: GapReport, report: GapReport) -> None:
    """Each part has its name, hash and stretch; a document of one file has none."""
    parts = json.loads(renderer("json")(audited_report))["document"]["parts"]
    assert [part["name"] for part in parts] == ["智慧零售运营人才培养方案.docx", "进程表.xlsx"]
    assert parts[0]["end"] < parts[1]["start"]
    assert json.loads(renderer("json")(report))["document"]["parts"] == []


def test_reports_written_before_the_audit_still_read(report: GapReport) -> None:
    """A report without the new keys validates."""
    data = json.loads(renderer("json")(report))
    del data["programme"], data["document"]["parts"]
    assert ReportOut.model_validate(data).programme is None
