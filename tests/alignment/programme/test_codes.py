"""Names and codes of a plan beside those of the standard."""

from __future__ import annotations

import pytest

from alignment.programme.chapters.catalogue import current_code, edition_of, field_code
from alignment.programme.chapters.codes import check_codes
from alignment.programme.model import CodeFinding
from corpora.standard import Standard
from tests.alignment.programme.written import plan

COLUMNS = """
# 一、专业名称及代码
专业名称：电子商务
专业代码：530701
# 四、职业面向
| 所属专业大类（代码） | 所属专业类（代码） | 对应行业（代码） | 主要职业类别（代码） | 主要岗位 |
| 财经商贸大类（53） | 电子商务类（5307） | 批发业、零售业（51、52） | {} | 店长 |
""".format("电子商务师（4-01-02-02）；营业员（4-01-02-03）")


@pytest.fixture
def check(ecommerce: Standard):  # type: ignore[no-untyped-def]
    """Text -> findings by label; every quote is checked against its place."""

    def checked(text: str, **facts: str) -> dict[str, CodeFinding]:
        programme = plan(text, **facts)
        findings = check_codes(programme, ecommerce)
        for finding in findings:
            for evidence in finding.evidence:
                assert programme.document.resolve(evidence.locator) == evidence.quote
        return {finding.label: finding for finding in findings}

    return checked


def test_a_table_of_columns(check) -> None:  # type: ignore[no-untyped-def]
    """Name, code, field, class, industries and occupations agree where they are the standard's."""
    found = check(COLUMNS)
    for label in ("专业名称", "专业代码", "所属专业大类", "所属专业类", "对应行业：零售业", "职业类别：电子商务师"):
        assert found[label].agrees, label
    assert found["对应行业：批发业"].stated == "批发业"
    assert found["对应行业：互联网和相关服务"].agrees is False
    assert found["职业类别：采购员"].note == "方案没有列出"


def test_field_and_class_in_one_cell(check) -> None:  # type: ignore[no-untyped-def]
    """Both are read where one cell names them, one after the other."""
    found = check("# 职业面向\n| 所属专业大类 | 对应行业 |\n| 财经商贸大类（53）、电子商务类（5307） | 零售业（52） |")
    assert (found["所属专业大类"].stated, found["所属专业大类"].agrees) == ("财经商贸大类（53）", True)
    assert (found["所属专业类"].stated, found["所属专业类"].agrees) == ("电子商务类（5307）", True)


def test_what_the_plan_lists_beyond_the_standard(check) -> None:  # type: ignore[no-untyped-def]
    """A further occupation is told and not judged."""
    extra = check(COLUMNS)["职业类别（方案另列）"]
    assert (extra.stated, extra.agrees) == ("营业员（4-01-02-03）", None)


def test_a_table_of_rows(check) -> None:  # type: ignore[no-untyped-def]
    """Labels before their values are read as well as columns."""
    found = check("# 职业面向\n| 所属专业大类 | 财经商贸大类（53） |\n| 对应行业 | 零售业（52） |")
    assert found["所属专业大类"].agrees
    assert found["对应行业：零售业"].agrees


def test_sentences_instead_of_a_table(check) -> None:  # type: ignore[no-untyped-def]
    """A chapter in words is read by its labels."""
    found = check("# 职业面向\n对应行业：零售业（52）\n主要职业类别：营销员（4-01-02-01）、采购员（4-01-01-00）")
    assert found["对应行业：零售业"].agrees
    assert found["职业类别：采购员"].agrees


def test_nothing_said_is_not_judged(check) -> None:  # type: ignore[no-untyped-def]
    """A plan without the table agrees with nothing and contradicts nothing."""
    found = check("# 职业面向\n面向果园。")
    assert {finding.agrees for finding in found.values()} == {None}


def test_codes_of_2015_are_recognised(check) -> None:  # type: ignore[no-untyped-def]
    """The old code of another major, with the one in force; the old code of the field."""
    found = check(COLUMNS.replace("电子商务\n", "市场营销\n").replace("530701", "630701").replace("（53）", "（63）"))
    assert found["专业代码"].note == "该代码属 2015 年目录，2021 年目录中为 530605"
    assert "63 是 2015 年目录的代码，现行代码为 53" in found["所属专业大类"].note
    assert found["专业名称"].agrees is False


def test_a_wrong_code_of_the_right_name(check) -> None:  # type: ignore[no-untyped-def]
    """The same occupation under another code does not agree, and under a wider one does."""
    found = check(COLUMNS.replace("4-01-02-02", "4-01-05-01"))
    assert found["职业类别：电子商务师"].agrees is False
    wider = check(COLUMNS.replace("电子商务师（4-01-02-02）", "销售人员（4-01-02）"))
    assert wider["职业类别：电子商务师"].note == "方案只写到上一级 4-01-02"


@pytest.mark.parametrize(
    ("code", "field", "grade", "edition"),
    [
        ("630701", "", "", 2015),
        ("410105", "", "", 2021),
        ("580410", "轻工纺织大类", "", 2015),
        ("510205", "电子信息大类", "", 2021),
        ("530701", "财经商贸大类", "2019", 2021),
        ("560301", "", "2020", 2015),
        ("560301", "", "2023", 2021),
        ("560301", "", "", None),
        ("080902", "", "", None),
        ("12", "", "", None),
    ],
)
def test_editions_of_the_catalogue(code: str, field: str, grade: str, edition: int | None) -> None:
    """By the code's first digits, else by the field that the plan names, else by the year of entry."""
    assert edition_of(code, field, grade) == edition


def test_fields_and_majors_of_the_catalogue() -> None:
    """Codes by name."""
    assert (field_code("财经商贸大类"), field_code("财经商贸大类", 2015), field_code("其他")) == ("53", "63", "")
    assert (current_code("市场营销专业"), current_code("炼丹")) == ("530605", "")
