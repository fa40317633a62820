"""Tables that split hours and credits by categories, whichever way they are turned."""

from __future__ import annotations

from pathlib import Path

from corpora.parsers import read_document
from corpora.programme.facts.reader import read_facts
from corpora.programme.model import Figure, ShareRow
from corpora.programme.tables.shares import read_shares
from tests.corpora.programme.plan_tables import plan

BY_ROWS = """课程类别|<|学时|<|<|学分|<
^|^|总学时|理论学时|实践学时|学分|占总学分比例
公共基础课|必修|620|400|220|36|24.8%
^|选修|96|64|32|6|4.1%
专业课|专业基础课|448|250|198|28|19.3%
^|专业核心课|512|200|312|32|22.1%
实践教学环节|<|720|0|720|31|21.4%
合计|<|2396|914|1482|133|100%
比例（%）|<|100|38.1|61.9||"""
BY_COLUMNS = """项目|公共基础课|专业核心课|集中实践|合计
学时|700|900|840|2440
占总学时百分比|0.287|0.369|0.344|1
学分|38|50|40|128"""


def shares(*tables: str) -> tuple[ShareRow, ...]:
    """The share rows of a document of tables, each figure checked against its place."""
    document = plan(*tables)
    rows = read_shares(document, 0, len(document.text))
    for row in rows:
        for figure in (row.hours, row.credits, row.theory, row.practice, row.share):
            assert figure is None or document.resolve(figure.locator) == figure.text
    return rows


def number(figure: Figure | None) -> float | None:
    """The value of a figure."""
    return None if figure is None else round(figure.value, 4)


def test_categories_in_rows_under_two_header_rows() -> None:
    """Labels of two columns, quantities by their own and their outer head, shares of credits by the head."""
    first, second, *_, total = shares(BY_ROWS)
    assert (first.label, first.category, first.required) == ("公共基础课/必修", "public", True)
    assert (number(first.hours), number(first.theory), number(first.practice)) == (620, 400, 220)
    assert (number(first.share), first.share_of) == (24.8, "credits")
    assert second.required is False
    assert total.total
    assert number(total.hours) == 2396
    assert [row.category for row in shares(BY_ROWS)][2:5] == ["foundation", "core", "practice"]


def test_a_column_of_hours_that_holds_credits() -> None:
    """Numbers that theory and practice exceed many times are credits, and so are the shares printed of them."""
    table = (
        "课程类别|学时数|占总学时百分比|理论学时|实践学时\n公共课|30|25%|320|160\n专业课|60|50%|500|460\n"
        "实践环节|30|25%|0|780\n合计|120|100%|820|1400"
    )
    first, *_, total = shares(table)
    assert (first.hours, number(first.credits), number(first.theory), first.share_of) == (None, 30, 320, "credits")
    assert number(total.credits) == 120


def test_a_row_of_percentages_is_no_category_but_states_the_share_of_practice() -> None:
    """比例 | 100 | 38.1 | 61.9 is a fact, not a row that sums."""
    assert not [row for row in shares(BY_ROWS) if "比例" in row.label]
    document = plan(BY_ROWS)
    found = read_facts(document, 0, len(document.text), len(document.text))
    assert [(f.kind, f.figure.value) for f in found] == [("practice_share", 61.9)]


def test_categories_in_columns() -> None:
    """A turned table gives the same rows; fractions of one are percentages."""
    public, core, practice, total = shares(BY_COLUMNS)
    assert (public.category, core.category, practice.category, total.total) == ("public", "core", "practice", True)
    assert [number(row.share) for row in (public, core, practice)] == [28.7, 36.9, 34.4]
    assert public.share_of == "hours"
    assert number(total.credits) == 128


def test_labels_with_values_beside_a_table() -> None:
    """总学时 2440 理论学时 1000 实践学时 1440 is one more split: the total with its parts."""
    table = BY_COLUMNS + "\n总学时|2440|理论学时|1000|\n公共课学时|700|公共课比例|0.287|"
    *_, total, public = shares(table)
    assert (total.total, number(total.hours), number(total.theory)) == (True, 2440, 1000)
    assert (public.category, number(public.share)) == ("public", 28.7)
    assert total.split != public.split


def test_rows_after_the_total_split_it_another_way() -> None:
    """必修 and 选修 below the sum are not added to it."""
    rows = shares(
        """类别|学时|学分
公共基础课|700|38
专业课|1900|102
总计|2600|140
其中：选修课|300|18"""
    )
    assert [row.split for row in rows] == [0, 0, 0, 1]
    assert (rows[-1].category, rows[-1].required) == (None, False)


def test_what_a_share_is_of_is_found_from_the_figures() -> None:
    """A head that only says 比例 is settled by the sums, and stays open where both fit."""
    fits_hours = "课程类别|学分|学时|比例\n公共课|40|600|24%\n专业课|60|1900|76%\n合计|100|2500|100%"
    assert {row.share_of for row in shares(fits_hours)} == {"hours"}
    fits_both = "课程类别|学分|学时|比例\n公共课|40|1000|40%\n专业课|60|1500|60%\n合计|100|2500|100%"
    assert {row.share_of for row in shares(fits_both)} == {""}


def test_other_tables_are_no_shares() -> None:
    """Course tables, the modules of one course, marks and rooms are none."""
    course = "课程类别|课程名称|学分|学时\n公共基础课|国文|4|64\n专业核心课|税法|40|640"
    modules = "模块|学时|理论|实践\n模块一|8|4|4\n模块二|24|8|16\n合计|32|12|20"
    marks = "考核类别|比例\n平时|40%\n期末|60%"
    assert shares(course, modules, marks) == ()


def test_shares_of_a_real_plan(shared: Path) -> None:
    """The eight rows of a plan's own table, as people read them."""
    document = read_document(next((shared / "real" / "plans").glob("附件3_*.docx")))
    rows = read_shares(document, 0, len(document.text))
    assert [number(row.hours) for row in rows] == [608, 340, 432, 158, 702, 96, 224, 2560]
    assert [number(row.share) for row in rows] == [23.75, 13.28, 16.88, 6.17, 27.42, 3.75, 8.75, 100]
    assert (rows[0].category, rows[-1].total, {row.share_of for row in rows}) == ("public", True, {"hours"})
