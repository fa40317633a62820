"""The JSON report keeps its contract."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from pydantic import ValidationError

from alignment.model import GapReport, RuleVerdict
from api.rendering import renderer
from api.schemas import ReportOut, report_schema

CONTRACT = {
    "": "schema generated_at document standard courses elements statements gaps rules indices provenance programme",
    "document": "name sha256 kind title pages chars hours errors parts",
    "standard": "code name edition",
    "indices": "coverage_ratio webb porter",
    "provenance": "version encoder standard_sha256 thresholds seconds notes",
    "elements": "id statement text grade p_touched p_covered review level where evidence",
    "statements": "id kind coverage ratio",
    "gaps": "element statement kind severity nearest suggestion",
    "rules": "id verdict value expected force arithmetic evidence note title text section source readings",
    "courses": "id title probability",
}
LOCATOR = "page paragraph table row cell start end"


def test_every_key_of_the_contract_stands_in_its_order(plan_report: GapReport) -> None:
    """The top and each part have exactly the contract's keys."""
    data = json.loads(renderer("json")(plan_report))
    for part, keys in CONTRACT.items():
        value = data[part] if part else data
        first = value[0] if isinstance(value, list) else value
        assert list(first) == keys.split(), part
    assert data["schema"] == "duibiao.report/1"
    assert list(data["document"]["hours"]) == ["stated", "table_sum"]
    assert list(data["document"]["errors"][0]) == ["where", "what"]
    assert list(data["gaps"][0]["suggestion"]) == ["text", "where", "hours", "sources"]


def test_evidence_has_quote_locator_path_and_similarity(report: GapReport, desk) -> None:  # type: ignore[no-untyped-def]
    """Every quote of the JSON is the document's text at the offsets of its locator."""
    data = json.loads(renderer("json")(report))
    found = [item for element in data["elements"] for item in element["evidence"]]
    assert len(found) > 20
    for item in found:
        assert list(item) == ["quote", "locator", "heading_path", "similarity"]
        assert list(item["locator"]) == LOCATOR.split()
        assert desk.document.text[item["locator"]["start"] : item["locator"]["end"]] == item["quote"]


def test_every_element_is_listed_in_the_order_of_the_standard(any_report: GapReport) -> None:
    """All 363 elements are there whatever the scope, and no element without a quote has a grade."""
    data = json.loads(renderer("json")(any_report))
    assert [e["id"] for e in data["elements"]] == [e.id for e in any_report.standard.elements]
    assert len(data["elements"]) == 363
    assert all((e["grade"] > 0) == bool(e["evidence"]) for e in data["elements"])


def test_report_reads_back_equal(any_report: GapReport) -> None:
    """JSON text validates against the models and gives the same report; later keys are ignored."""
    out = ReportOut.from_report(any_report)
    data = json.loads(out.to_json())
    assert ReportOut.model_validate(data) == out
    assert ReportOut.model_validate({**data, "later": 1}) == out


@pytest.mark.parametrize(
    ("part", "key", "value"),
    [("elements", "grade", 3), ("elements", "p_covered", 1.2), ("gaps", "severity", 0), ("gaps", "kind", "lost")],
)
def test_values_out_of_range_are_refused(report: GapReport, part: str, key: str, value: object) -> None:
    """A grade of 3, a probability above 1, an unknown gap kind do not validate."""
    data = json.loads(renderer("json")(report))
    data[part][0][key] = value
    with pytest.raises(ValidationError):
        ReportOut.model_validate(data)


def test_numbers_beyond_the_unit_range_by_rounding_are_held(report: GapReport) -> None:
    """A cosine of 1.0000001 is written as 1."""
    first = report.matches[-1]
    pushed = replace(first, p_touched=1.0000001, p_covered=-1e-9)
    data = ReportOut.from_report(replace(report, matches=(*report.matches[:-1], pushed)))
    assert (data.elements[-1].p_touched, data.elements[-1].p_covered) == (1.0, 0.0)


def test_rule_values_of_every_shape_become_json(report: GapReport) -> None:
    """Pairs, words, tuples of ids and nothing at all are written as JSON values."""
    values = (2500, (16, 18), ("G1", "G2"), "三年", None)
    rules = tuple(RuleVerdict(f"NR0{n}", "pass", value, "", "must", "") for n, value in enumerate(values))
    data = json.loads(renderer("json")(replace(report, rules=rules)))
    assert [rule["value"] for rule in data["rules"]] == [2500, [16, 18], ["G1", "G2"], "三年", None]


def test_exported_json_schema_is_current() -> None:
    """docs/report.schema.json is what the models say; ``python -m api.schemas`` prints it."""
    stored = Path(__file__).resolve().parents[2] / "docs" / "report.schema.json"
    assert json.loads(stored.read_text(encoding="utf-8")) == report_schema()


def test_json_needs_no_document_library() -> None:
    """Rendering JSON loads none of the libraries of the other formats."""
    code = (
        "import sys; from api.rendering import renderer; renderer('json');"
        "print(sorted({'docx','openpyxl','weasyprint','jinja2','rich','torch','fastapi'} & set(sys.modules)))"
    )
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
