"""Two standards of other majors, written for these tests, from docx, pdf, Markdown, HTML and text."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from corpora.errors import StandardFormatError
from corpora.parsers import read_document
from corpora.standard import Standard
from corpora.standard_json import load_standard, save_standard
from corpora.standard_parser import ImportedStandard, compare_standards, parse_standard

FOLDER = Path(__file__).parent / "standards"
FORMATS = ("docx", "pdf", "md", "html", "txt")
COUNTS = {
    "460301": {
        "competency": 14,
        "core_course": 7,
        "task": 33,
        "requirement": 25,
        "foundation_course": 7,
        "extension_course": 8,
        "public_required": 5,
        "public_required_or_elective": 8,
        "practice_project": 5,
        "practice_comprehensive": 2,
        "internship_position": 3,
        "cross_cutting": 12,
        "training_room": 6,
        "numeric_rule": 19,
        "other_rule": 10,
    },
    "520201": {
        "competency": 12,
        "core_course": 6,
        "task": 27,
        "requirement": 23,
        "foundation_course": 6,
        "extension_course": 8,
        "public_required": 5,
        "public_required_or_elective": 5,
        "practice_project": 4,
        "internship_position": 2,
        "cross_cutting": 8,
        "training_room": 5,
        "numeric_rule": 14,
        "other_rule": 10,
    },
}


@pytest.fixture(scope="module")
def imports() -> dict[tuple[str, str], ImportedStandard]:
    return {
        (code, kind): parse_standard(read_document(FOLDER / f"{code}.{kind}")) for code in COUNTS for kind in FORMATS
    }


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("code", COUNTS)
def test_counts_of_every_kind(imports: dict[tuple[str, str], ImportedStandard], code: str, kind: str) -> None:
    """Each format gives the counts that the text was written with; nothing is left unplaced, no warning."""
    imported = imports[code, kind]
    assert imported.standard.code == code
    assert {k: imported.report.counts.get(k, 0) for k in COUNTS[code]} == COUNTS[code]
    assert imported.report.unplaced == ()
    assert imported.report.warnings == ()


@pytest.mark.parametrize("kind", FORMATS[1:])
@pytest.mark.parametrize("code", COUNTS)
def test_all_formats_agree(imports: dict[tuple[str, str], ImportedStandard], code: str, kind: str) -> None:
    """The pdf with its table across pages, Markdown, HTML and text give the statements of the docx, spaces aside."""
    rows = compare_standards(spaceless(imports[code, "docx"].standard), spaceless(imports[code, kind].standard))
    assert [(r.kind, r.differ, r.missing, r.extra) for r in rows if r.differ or r.missing or r.extra] == []


def spaceless(standard: Standard) -> Standard:
    """The standard without blanks in its wording: a pdf does not say where a blank stands beside Latin text."""

    def bare(text: str) -> str:
        return "".join(text.split())

    statements = tuple(
        replace(s, text=bare(s.text), equipment=tuple(map(bare, s.equipment)), courses=tuple(map(bare, s.courses)))
        for s in standard.statements
    )
    rules = tuple(replace(r, text=bare(r.text)) for r in standard.rules)
    return replace(standard, statements=statements, rules=rules)


def test_mechatronics_in_detail(imports: dict[tuple[str, str], ImportedStandard]) -> None:
    """Selected content of 460301: aliases, groups, rooms, rules with operator, value, unit and force."""
    standard = imports["460301", "docx"].standard
    assert (standard.name, standard.edition, standard.level) == ("机电一体化技术", "2025年修订", "高职专科")
    assert standard.by_id["C4"].aliases == ("电气控制与 PLC 应用",)
    assert [t.group for t in standard.children("C4", "task")] == [1, 1, 1, 1, 2, 2, 2, 2]
    assert standard.by_id["C7.R3"].text == "根据产线运行数据，诊断设备故障，制定和优化预防性维护计划。"
    assert standard.by_id["L3"].course_refs == ("C4", "C5", "C3")
    assert standard.by_id["L2"].equipment == ("液压实训台", "气动实训台", "压力检测仪表", "液压仿真软件")
    rules = {(r.quantity, r.operator, r.value, r.unit, r.strength) for r in standard.rules}
    assert ("专业基础课程门数", "between", (6, 8), "门", "should") in rules
    assert ("总学时", ">=", 2600, "学时", "should") in rules
    assert ("学生数与本专业专任教师数之比", "<=", 22, ":1", "must") in rules
    assert ("工位数", ">=", 40, "个", "must") in rules
    assert standard.occupations.occupations[3].code == "6-31-07-03"


def test_nursing_in_detail(imports: dict[tuple[str, str], ImportedStandard]) -> None:
    """Selected content of 520201: headings 一、（一）1., numbers that Word makes, cells merged over two rows."""
    standard = imports["520201", "docx"].standard
    assert (standard.name, standard.edition) == ("护理", "试行")
    assert [c.number for c in standard.competencies] == list(range(1, 13))
    assert standard.by_id["C2"].aliases == ("基础护理技术",)
    assert [t.title for t in standard.by_id["C3"].typical_tasks] == ["内科患者病情观察", "内科患者康复指导"]
    assert standard.by_id["C3.R4"].text == "分析患者的护理问题，提出护理改进建议"
    assert standard.by_id["L2"].title == "健康评估实训室"
    assert standard.by_id["L2"].course_refs == ("C1",)
    weeks = next(r for r in standard.rules if "临床实习" in r.quantity)
    assert (weeks.operator, weeks.value, weeks.unit, weeks.strength) == (">=", 8, "月", "must")


def test_an_imported_standard_is_saved_and_loaded(
    imports: dict[tuple[str, str], ImportedStandard], tmp_path: Path
) -> None:
    """Saving and loading gives the same statements, elements and rules, and leaves one file in the folder."""
    standard = imports["460301", "docx"].standard
    path = save_standard(standard, tmp_path / "standards")
    loaded = load_standard("460301", path.parent)
    assert (loaded.statements, loaded.rules, loaded.other_rules) == (
        standard.statements,
        standard.rules,
        standard.other_rules,
    )
    assert [p.name for p in path.parent.iterdir()] == ["460301.json"]


def test_a_code_that_is_no_file_name_is_refused(
    imports: dict[tuple[str, str], ImportedStandard], tmp_path: Path
) -> None:
    """A code with a path in it writes nothing."""
    standard = replace(imports["460301", "docx"].standard, code="../460301")
    with pytest.raises(StandardFormatError, match="专业代码"):
        save_standard(standard, tmp_path / "standards")
    assert list(tmp_path.iterdir()) == []
