"""Marks of persons' decisions in every format: who, what, why, the proposal beside it, the second reviewer."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from alignment.model import Decided, GapReport
from api.http.report_stream import json_pieces
from api.rendering import renderer
from api.rendering.decided import proposal, summary, tag, told
from api.rendering.html import page
from api.schemas import ReportOut

RAISED = Decided(
    "override", "李老师", "2026-03-01T08:00:00Z", "目标=里写明了", 0, None, None, "王主任", False, "引文说的是别的"
)
ACCEPTED = Decided("accept", "张老师", "2026-03-02T08:00:00Z", "", 2, 4)
ON_RULE = Decided("override", "赵处长", "2026-03-03T08:00:00Z", "毕业设计补计学时", proposed_verdict="fail")
SENTENCE = "3 项结论由审核人确定（改判 2 项，确认 1 项），其中 1 项复核人有异议，系统的结论列在旁边。"
TOLD = "；".join(
    (
        *("人工改判（有异议）：李老师，2026年3月1日", "系统结论：未覆盖", "理由：目标=里写明了"),
        "复核：王主任不同意（引文说的是别的）",
    )
)


def _decided(report: GapReport) -> GapReport:
    """The report with a raised element that is disputed, an accepted one, and a rule overridden."""
    quote = next(match for match in report.matches if match.evidence).evidence[:1]
    first, second = report.scoped_matches[5], next(m for m in report.scoped_matches if m.grade == 2)
    changed = {
        first.element.id: replace(first, grade=2, level_found=3, evidence=quote, review=True, decided=RAISED),
        second.element.id: replace(second, decided=ACCEPTED),
    }
    rules = tuple(replace(r, verdict="pass", decided=ON_RULE) if r.verdict == "fail" else r for r in report.rules[:1])
    matches = tuple(changed.get(match.element.id, match) for match in report.matches)
    return replace(report, matches=matches, rules=(*rules, *report.rules[1:]))


@pytest.fixture(params=["plan_report", "audited_report"])
def decided_report(request: pytest.FixtureRequest) -> GapReport:
    """A plan with decisions, read without and with its audit; its first rule fails without them."""
    report: GapReport = request.getfixturevalue(request.param)
    rules = sorted(report.rules, key=lambda rule: rule.verdict != "fail")
    return _decided(replace(report, rules=tuple(rules)))


def _shown(data: bytes) -> str:
    """All text of an office file."""
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        parts = [name for name in file.namelist() if name.endswith(".xml")]
        texts = ("\n".join(ElementTree.fromstring(file.read(name)).itertext()) for name in parts)
        return "\n".join(texts)


def test_one_line_tells_all_of_a_decision(decided_report: GapReport) -> None:
    """Who, when, what the system says, why, and what the second reviewer says."""
    raised, accepted = (next(m for m in decided_report.matches if m.decided is d) for d in (RAISED, ACCEPTED))
    assert told(raised) == TOLD
    assert (tag(accepted), proposal(accepted)) == ("人工确认", "已覆盖，应用")
    assert told(accepted) == "人工确认：张老师，2026年3月2日；系统结论：已覆盖，应用"
    (rule,) = [rule for rule in decided_report.rules if rule.decided]
    assert told(rule) == "人工改判：赵处长，2026年3月3日；系统结论：不符合；理由：毕业设计补计学时"
    assert summary(decided_report) == SENTENCE


def test_without_decisions_nothing_is_told(report: GapReport) -> None:
    """Nor is there a mark or an empty section."""
    assert summary(report) == ""
    for format in ("terminal", "html", "md", "csv", "json"):
        text = renderer(format)(report).decode()
        assert "人工结论" not in text
        assert "decided" not in text
        assert "※" not in text


@pytest.mark.parametrize("format", ["html", "md", "docx", "xlsx"])
def test_decisions_are_listed(decided_report: GapReport, format: str) -> None:
    """The sentence, and of each decision the people, the reasons and both verdicts."""
    data = renderer(format)(decided_report)
    text = _shown(data) if format in ("docx", "xlsx") else re.sub(r"\\(.)", r"\1", data.decode())
    assert SENTENCE in text
    for part in (
        "人工结论",
        "李老师，2026年3月1日",
        "目标=里写明了",
        "王主任不同意（引文说的是别的）",
        "毕业设计补计学时",
    ):
        assert part in text, part
    assert "人工改判（有异议）" in text
    assert text.index("系统结论") > 0


def test_paper_and_screen_show_the_same(decided_report: GapReport) -> None:
    """The page laid out for paper has the list too."""
    for paper in (True, False):
        text = page(decided_report, paper)
        assert 'id="decisions"' in text
        assert text.count("赵处长，2026年3月3日") >= 2


def test_the_terminal_marks_them(decided_report: GapReport, report: GapReport) -> None:
    """The sentence, and a sign at each element; of a plan also at its rules."""
    for found in (decided_report, _decided(report)):
        text = renderer("terminal")(found).decode()
        assert "项结论由审核人确定" in text.replace("\n", "").replace(" ", "")
    assert "√?※" in renderer("terminal")(_decided(report)).decode()


def test_csv_has_further_columns(decided_report: GapReport, report: GapReport) -> None:
    """Only where somebody decided; no cell of them is a formula."""
    lines = list(csv.DictReader(io.StringIO(renderer("csv")(decided_report).decode("utf-8-sig"))))
    found = [line for line in lines if line["人工结论"]]
    raised = next(line for line in found if line["审定"].startswith("李老师"))
    assert (raised["结论"], raised["人工结论"], raised["系统结论"]) == ("已覆盖", "人工改判（有异议）", "未覆盖")
    assert raised["复核"] == "王主任不同意（引文说的是别的）"
    assert len(found) == (3 if decided_report.programme else 2)
    assert "审定" not in next(csv.reader(io.StringIO(renderer("csv")(report).decode("utf-8-sig"))))
    formula = replace(RAISED, reason="=1+1")
    matches = tuple(replace(m, decided=formula) if m.decided is RAISED else m for m in decided_report.matches)
    text = renderer("csv")(replace(decided_report, matches=matches)).decode("utf-8-sig")
    assert "'=1+1" in text
    assert ",=1+1" not in text


def test_json_tells_them(decided_report: GapReport) -> None:
    """At the element, at the rule, and counted in the provenance; read back it is the same."""
    text = renderer("json")(decided_report).decode()
    data = json.loads(text)
    raised = next(e for e in data["elements"] if e.get("decided", {}).get("author") == "李老师")
    assert raised["decided"] == {
        "action": "override",
        "author": "李老师",
        "at": "2026-03-01T08:00:00Z",
        "reason": "目标=里写明了",
        "proposed_grade": 0,
        "proposed_level": None,
        "proposed_verdict": None,
        "second": "王主任",
        "agrees": False,
        "second_reason": "引文说的是别的",
    }
    assert sum("decided" in element for element in data["elements"]) == 2
    assert [rule["decided"]["proposed_verdict"] for rule in data["rules"] if "decided" in rule] == ["fail"]
    assert data["provenance"]["decisions"] == {"overridden": 2, "accepted": 1, "disputed": 1}
    assert ReportOut.model_validate_json(text).to_json() + "\n" == text
    assert json.loads(b"".join(json_pieces(decided_report))) == data


def test_reasons_are_text_on_the_page(decided_report: GapReport) -> None:
    """Whatever a person writes is shown, not run."""
    hostile = replace(RAISED, reason="<script>alert(1)</script>", second="<b>", author="|**李**")
    matches = tuple(replace(m, decided=hostile) if m.decided is RAISED else m for m in decided_report.matches)
    report = replace(decided_report, matches=matches)
    text = renderer("html")(report).decode()
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert "\\|\\*\\*李\\*\\*" in renderer("md")(report).decode()
