"""Local rule packs: what is read, what is refused and how, conflicts with the standard, required courses."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import pytest

from alignment.programme.packs.loading import RulePack, conflicts, judge_required_courses, load_pack
from alignment.programme.quantities import QUANTITIES, QuantityName
from corpora.errors import StandardFormatError, UsageError
from corpora.standard_json import load_standard
from tests.alignment.programme.plan_builder import PlanBuilder

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def pack(tmp_path: Path):
    """Writes rules (YAML below ``rules:``) as a pack and reads it."""

    def read(rules: str, head: str = "name: 试行\nrules:\n") -> RulePack:
        path = tmp_path / "pack.yaml"
        path.write_text(head + rules, "utf-8")
        return load_pack(path)

    return read


def test_the_example_pack_is_read():
    """The shipped example loads, with every rule's quantity, bounds and scope."""
    example = load_pack(ROOT / "corpora/samples/rules-example.yaml")
    assert (example.name, example.version, len(example.rules)) == ("示例规定", "2024-1", 8)
    first, scoped, courses = example.rules[0], example.rules[4], example.rules[6]
    assert (first.rule.operator, first.rule.value, first.rule.unit, first.quantity) == (
        "<=",
        2700,
        "学时",
        "total_hours",
    )
    assert scoped.categories == ("core", "foundation")
    assert scoped.rule.value == (16, 18)
    assert [course.name for course in courses.courses] == ["大学语文", "劳动教育", "国家安全教育"]
    assert courses.courses[0].credits == 2
    assert [quantity for _, quantity in example.counted] == [
        "total_hours",
        "total_credits",
        "practice_week_hours",
        "practice_share",
        "double_qualified_share",
    ]


def test_every_quantity_is_documented():
    """docs/rule-packs.md has a table row for each quantity, with its Chinese name and unit."""
    text = (ROOT / "docs/rule-packs.md").read_text("utf-8")
    rows = {line.split("`")[1]: line for line in text.splitlines() if line.startswith("| `")}
    assert set(get_args(QuantityName)) == set(QUANTITIES)
    for name, (title, unit) in QUANTITIES.items():
        assert title in rows[name]
        assert unit in rows[name]


def test_every_key_is_documented():
    """Keys that the reader takes are those that the document names."""
    from alignment.programme.packs import reading as pack_reading

    text = (ROOT / "docs/rule-packs.md").read_text("utf-8")
    for key in (*pack_reading._PACK_KEYS, *pack_reading._RULE_KEYS, *pack_reading._COURSE_KEYS):
        assert f"`{key}`" in text
    for operator in pack_reading.OPERATORS:
        assert f"`{operator}`" in text


def test_chinese_names_and_defaults(pack):
    """A quantity may be given by its Chinese name; force is must; wording is made where none is given."""
    found = pack("  - {id: A1, quantity: 总学时, operator: '<=', value: 2600}\n").rules[0]
    assert (found.quantity, found.rule.strength, found.rule.text) == ("total_hours", "must", "总学时不超过 2600 学时")
    soft = pack("  - {id: A1, quantity: years, operator: '=', value: 3, force: 一般}\n").rules[0]
    assert soft.rule.strength == "should"


@pytest.mark.parametrize(
    ("rules", "line", "words"),
    [
        ("  - id: A1\n    quantity: total_hour\n    operator: '<='\n    value: 1\n", 4, ("total_hour", "total_hours")),
        ("  - id: A1\n    quantity: years\n    operator: '<'\n    value: 1\n", 5, ("“<”", ">=")),
        ("  - id: A1\n    quantity: years\n    operator: '='\n    value: 三\n", 6, ("三", "数")),
        ("  - id: A1\n    quantity: years\n    operator: '='\n    value: true\n", 6, ("value",)),
        ("  - id: A1\n    quantity: practice_share\n    operator: '>='\n    value: 120\n", 6, ("百分数", "120")),
        ("  - id: A1\n    quantity: hours_per_credit\n    operator: between\n    value: [18, 16]\n", 6, ("18", "16")),
        ("  - id: A1\n    quantity: years\n    opreator: '='\n    value: 3\n", 5, ("opreator", "operator")),
        ("  - id: NR04\n    quantity: years\n    operator: '='\n    value: 3\n", 3, ("NR04",)),
        ("  - id: A1\n    quantity: years\n    operator: '='\n    value: 3\n    force: 必须\n", 7, ("必须", "must")),
        (
            "  - id: A1\n    quantity: years\n    operator: '='\n    value: 3\n    categories: [core]\n",
            7,
            ("categories",),
        ),
        ("  - id: A1\n    quantity: required_courses\n", 3, ("courses", "缺失")),
        ("  - id: A1\n    quantity: required_courses\n    courses:\n      - title: 语文\n", 6, ("title", "name")),
        ("  - id: A1\n    quantity: leader_title\n    operator: '<='\n    value: 副高\n", 5, ("<=", ">=")),
    ],
)
def test_errors_name_line_key_and_what_is_allowed(pack, rules: str, line: int, words: tuple[str, ...]):
    """What a pack cannot say is refused with its place, in the user's words."""
    with pytest.raises(StandardFormatError) as error:
        pack(rules)
    assert f"pack.yaml 第{line}行" in str(error.value)
    for word in words:
        assert word in str(error.value)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("", "键: 值"),
        ("- 1\n", "键: 值"),
        ("name: 试行\n", "没有规则"),
        ("name: 试行\nrules: []\n", "没有规则"),
        ("name: 试行\nowner: 我\nrules: [{id: A, quantity: years, operator: '=', value: 3}]\n", "owner"),
        ("rules: [{id: A, quantity: years, operator: '=', value: 3}]\n", "name"),
        ("name: 试行\nname: 再试\nrules: []\n", "两次"),
        ("name: [1\nrules: 3\n", "YAML"),
        ("name: &a 试行\ntitle: *a\nrules: []\n", "锚点"),
        ("name: !!python/object/apply:os.getcwd []\nrules: []\n", "标签"),
        ("name: 试行\nrules: " + "[" * 3000 + "]" * 3000 + "\n", "嵌套"),
    ],
)
def test_files_that_are_no_pack(tmp_path: Path, text: str, word: str):
    """Broken, dangerous and empty files end in one clear error."""
    path = tmp_path / "pack.yaml"
    path.write_text(text, "utf-8")
    with pytest.raises(StandardFormatError, match=word):
        load_pack(path)


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("name: 甲\n\trules: 乙", 2, "制表符"),
        ("name: 甲: 乙", 1, "冒号"),
        ("name: '甲", 1, "引号"),
        ("name: 甲\nrules:\n  - id: A1\n   operator: x\n", 4, "缩进"),
        ("name: [甲, {乙: 丙\n", 2, "括号"),
    ],
)
def test_slips_of_yaml_are_told_in_chinese(tmp_path: Path, text: str, line: int, words: str):
    """The line, what is wrong and what helps; nothing of the English that the reader of YAML says."""
    path = tmp_path / "规定.yaml"
    path.write_text(text, "utf-8")
    with pytest.raises(StandardFormatError) as caught:
        load_pack(path)
    assert f"第{line}行" in caught.value.where
    assert words in caught.value.what
    assert not re.search("[a-z]{3}", caught.value.what)


def test_rules_without_a_text_are_put_into_words(pack):
    """As a sentence says it: units close to their numbers, ranks not below."""
    rules = """
  - {id: A1, quantity: total_hours, operator: "<=", value: 2400}
  - {id: A2, quantity: public_share, operator: ">=", value: 20}
  - {id: A3, quantity: internship_months, operator: "=", value: 6}
  - {id: A4, quantity: hours_per_credit, operator: between, value: [14, 20]}
  - {id: A5, quantity: student_teacher_ratio, operator: "<=", value: 30}
  - {id: A6, quantity: leader_title, operator: ">=", value: 中级}
  - {id: A7, quantity: internship_agreement, operator: includes, value: [学校, 企业]}
"""
    assert [rule.rule.text for rule in pack(rules).rules] == [
        "总学时不超过 2400 学时",
        "公共基础课学时占总学时比例不低于 20%",
        "岗位实习累计时间为 6 个月",
        "每学分折算学时为 14~20 学时/学分",
        "学生数与本专业专任教师数之比不超过 30:1",
        "专业带头人职称不低于中级",
        "实习协议签署方包括学校、企业",
    ]


def test_conflicts_are_sentences(pack):
    """Both bounds in words, without operators."""
    found = conflicts(
        pack('  - {id: A1, quantity: public_share, operator: ">=", value: 20}\n'), load_standard("530701")
    )
    assert [conflict.what for conflict in found] == [
        "规则包要求公共基础课学时占总学时比例不低于 20%，国家标准要求不低于 25%：规则包比国家标准宽"
    ]


def test_missing_large_and_foreign_files(tmp_path: Path):
    """A missing file is a wrong call; a huge one and one in another encoding are refused."""
    with pytest.raises(UsageError, match="找不到"):
        load_pack(tmp_path / "none.yaml")
    (tmp_path / "big.yaml").write_text("# " + "x" * 300_000, "utf-8")
    with pytest.raises(StandardFormatError, match="KiB"):
        load_pack(tmp_path / "big.yaml")
    (tmp_path / "gbk.yaml").write_bytes("name: 规定".encode("gbk"))
    with pytest.raises(StandardFormatError, match="UTF-8"):
        load_pack(tmp_path / "gbk.yaml")


def test_rule_ids_are_unique(pack):
    """The same id twice is refused."""
    rule = "  - {id: A1, quantity: years, operator: '=', value: 3}\n"
    with pytest.raises(StandardFormatError, match="用了两次"):
        pack(rule + rule)


@pytest.mark.parametrize(
    ("rule", "against", "word"),
    [
        ("quantity: total_hours, operator: '<=', value: 2400", "NR04", "不能同时满足"),
        ("quantity: total_hours, operator: '>=', value: 2400", "NR04", "宽"),
        ("quantity: hours_per_credit, operator: '=', value: 24", "NR05", "不能同时满足"),
        ("quantity: hours_per_credit, operator: between, value: [16, 20]", "NR05", "宽"),
        ("quantity: public_share, operator: '>=', value: 20", "NR06", "宽"),
        ("quantity: total_hours, operator: '>=', value: 2500, force: may", "NR04", "约束力较弱"),
        ("quantity: student_teacher_ratio, operator: '<=', value: 30", "NR11", "宽"),
        ("quantity: practice_week_hours, operator: '=', value: 24", "NR05", "24"),
        ("quantity: internship_weeks, operator: '=', value: 16", "NR08", "不能同时满足"),
        ("quantity: leader_title, operator: '>=', value: 讲师", "OR06", "宽"),
        ("quantity: internship_agreement, operator: includes, value: [学校, 学生]", "OR10", "实习单位"),
    ],
)
def test_conflicts_with_the_standard(pack, rule: str, against: str, word: str):
    """A pack that is weaker than the standard, or against it, is named with both sides."""
    found = conflicts(pack(f"  - {{id: A1, {rule}}}\n"), load_standard("530701"))
    assert [(conflict.rule, conflict.against) for conflict in found] == [("A1", against)]
    assert word in found[0].what


@pytest.mark.parametrize(
    "rule",
    [
        "quantity: total_hours, operator: '<=', value: 2700",
        "quantity: total_hours, operator: '>=', value: 2600",
        "quantity: hours_per_credit, operator: between, value: [16, 17]",
        "quantity: practice_week_hours, operator: '=', value: 18",
        "quantity: internship_weeks, operator: '=', value: 24",
        "quantity: leader_title, operator: '>=', value: 教授",
        "quantity: total_credits, operator: '>=', value: 140",
        "quantity: required_courses, courses: [大学语文]",
    ],
)
def test_tighter_rules_are_no_conflict(pack, rule: str):
    """What only adds to the standard is left in peace."""
    assert conflicts(pack(f"  - {{id: A1, {rule}}}\n"), load_standard("530701")) == ()


def _plan() -> PlanBuilder:
    plan = PlanBuilder()
    head = ["类别", "课程", "学分", "总学时", "理论", "实践"]
    plan.schedule(
        [
            head,
            ["公共基础课", "大学语文（一）", "1", "16", "16", ""],
            ["公共基础课", "大学语文（二）", "1", "16", "16", ""],
            ["公共选修课", "劳动课程", "1", "16", "8", "8"],
            ["专业核心课", "面包制作", "4", "64", "32", "32"],
            ["专业核心课", "裱花技艺", "3", "75", "25", "50"],
        ],
        categories={"公共基础课": "public", "公共选修课": "public"},
        elective=["公共选修课"],
    )
    return plan


def _courses(pack, courses: str):
    rules = f"  - id: A1\n    quantity: required_courses\n    courses:\n{courses}"
    return judge_required_courses(pack(rules), _plan().programme())[0]


def test_required_courses_by_name_part_and_alias(pack):
    """Parts of a course count together, an alias counts, and the cells are quoted."""
    courses = "      - {name: 大学语文, credits: 2, category: public}\n      - {name: 劳动教育, aliases: [劳动课程]}\n"
    found = _courses(pack, courses)
    assert (found.verdict, found.value, found.source) == ("pass", "2/2", "试行")
    assert "劳动教育（劳动课程）" in found.arithmetic
    assert [quote.quote for quote in found.evidence] == ["大学语文（一）", "1", "大学语文（二）", "1", "劳动课程", "1"]


@pytest.mark.parametrize(
    ("course", "words"),
    [
        ("大学语文, credits: 3", "只有2学分"),
        ("大学语文, hours: 48", "只有32学时"),
        ("劳动课程, compulsory: true", "应为必修"),
        ("面包制作, category: 公共基础课", "应属于公共基础课"),
        ("国家安全教育", "没有国家安全教育"),
    ],
)
def test_required_courses_that_fall_short(pack, course: str, words: str):
    """A missing course, too few credits, the wrong place: each fails and says why."""
    found = _courses(pack, f"      - {{name: {course}}}\n")
    assert (found.verdict, found.value) == ("fail", "0/1")
    assert words in found.arithmetic


def test_a_like_name_is_a_reading_not_a_pass(pack):
    """A course under a like name does not count, but the verdict that it would give is told."""
    found = _courses(pack, "      - 面包制作工艺\n")
    assert found.verdict == "fail"
    assert [(reading.verdict, "面包制作" in reading.label) for reading in found.readings] == [("pass", True)]


def test_rules_on_single_courses_of_a_category(pack):
    """Hours per credit of core courses: the one that is off is named with its quotient."""
    rules = "  - {id: A1, quantity: hours_per_credit, operator: between, value: [16, 18], categories: [core]}\n"
    found = judge_required_courses(pack(rules), _plan().programme())[0]
    assert (found.verdict, found.value) == ("fail", "1/2")
    assert "裱花技艺 75÷3=25" in found.arithmetic


def test_without_a_schedule_nothing_is_judged(pack):
    """No schedule, no verdict: the note says what is missing."""
    rules = "  - {id: A1, quantity: required_courses, courses: [大学语文]}\n"
    found = judge_required_courses(pack(rules), PlanBuilder().programme())[0]
    assert found.verdict == "cannot_determine"
    assert "教学进程表" in found.note
