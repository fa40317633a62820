"""Expected chapters of a plan."""

from __future__ import annotations

import pytest

from alignment.programme.chapters.finder import find_chapters
from alignment.programme.chapters.names import CHAPTERS
from alignment.programme.model import ChapterFinding
from corpora.programme.model import Programme
from tests.alignment.programme.written import plan, write

OUTLINE = """
# 园艺专业人才培养方案
## 一、专业名称及代码
园艺（410105）
## 二、入学要求
高中毕业生。
## 三、修业年限
三年。
## 四、职业面向
面向果园。
## 五、培养目标与培养规格
### （一）培养目标
培养果树工。
### （二）培养规格
能修剪。
## 六、课程设置及要求
公共课与专业课。
## 七、教学进程总体安排
见表。
### （三）学时与学分分配
共 2600 学时。
## 八、实施保障
### （一）师资队伍
教师 8 人。
### （二）教学设施
果园两处。
### （三）教学资源
图书 300 册。
### （四）教学方法与学习评价
动手为主。
### （五）质量管理
每学期检查。
## 九、毕业要求
修满 140 学分。
## 十、附录
进程表。
"""


def found(text: str) -> dict[str, ChapterFinding]:
    """Findings by title; every heading is checked against its place."""
    programme = plan(text)
    findings = {finding.title: finding for finding in find_chapters(programme)}
    for finding in findings.values():
        assert finding.found == (finding.locator is not None)
        if finding.locator:
            line = programme.document.resolve(finding.locator)
            assert finding.heading.startswith(" ".join(line.split())[:20])
    return findings


def test_the_ministry_outline_is_found_whole_and_in_order() -> None:
    """Every chapter is there, numbered as it stands, and nothing is remarked."""
    findings = list(found(OUTLINE).values())
    assert all(finding.found for finding in findings)
    orders = [finding.order or 0 for finding in findings]
    assert orders == sorted(orders)
    assert [finding.note for finding in findings if finding.note] == []


def test_one_heading_may_be_two_chapters() -> None:
    """教学方法与学习评价 serves both."""
    findings = found(OUTLINE)
    assert findings["教学方法"].heading == findings["学习评价"].heading == "（四）教学方法与学习评价"


@pytest.mark.parametrize(
    ("heading", "title"),
    [
        ("三、招生对象", "入学要求"),
        ("四、学制与学历", "修业年限"),
        ("五、就业岗位面向", "职业面向"),
        ("二、专业培养目标及人才规格", "培养目标与培养规格"),
        ("六、课程体系与核心课程", "课程设置及要求"),
        ("七、教学计划进程表", "教学进程总体安排"),
        ("八、课程设置与教学进度安排", "教学进程总体安排"),
        ("（二）各类课程学时、学分比例", "学时学分分配"),
        ("九、专业办学基本条件", "实施保障"),
        ("1.专业教学团队", "师资队伍"),
        ("2.校内外实训基地", "教学设施"),
        ("3.教材及图书资料", "教学资源"),
        ("4.教学组织与手段", "教学方法"),
        ("5.课程考核评价", "学习评价"),
        ("6.教学质量监控", "质量管理"),
        ("十、毕业条件", "毕业要求"),
    ],
)
def test_schools_have_many_names(heading: str, title: str) -> None:
    """Each chapter is known by what schools call it."""
    assert found(f"# 培养方案\n## {heading}\n有内容。")[title].found


def test_plain_lines_can_be_headings() -> None:
    """A file without styles has chapters all the same, numbered or not."""
    findings = found("一、职业面向\n面向果园。\n毕业要求\n修满学分。")
    assert findings["职业面向"].found
    assert findings["毕业要求"].found


def test_sentences_and_lists_of_contents_are_no_headings() -> None:
    """A sentence that holds the words, and a line with a page number, do not make a chapter."""
    text = "目录\n师资队伍........12\n毕业要求\t15\n学生达到毕业要求，方可毕业，否则延长学习。"
    assert not any(finding.found for finding in found(text).values())


def test_missing_chapters_say_where_they_were_looked_for() -> None:
    """A part of 实施保障 is missed there, a chapter of its own in the plan."""
    findings = found("# 八、实施保障\n## （一）师资队伍\n教师 8 人。")
    assert findings["质量管理"].note == "“实施保障”下没有找到这一部分"
    assert findings["职业面向"].note == "没有找到这一章"


def test_empty_chapters_are_told() -> None:
    """A heading with nothing under it, but not one whose sub-headings have text."""
    findings = found("# 七、教学进程\n# 八、实施保障\n## 师资队伍\n教师 8 人。")
    assert "只有标题" in findings["教学进程总体安排"].note
    assert findings["实施保障"].note == ""


def test_a_filled_chapter_is_preferred_to_an_empty_one() -> None:
    """The heading in a list of chapters without page numbers is not taken for the chapter."""
    findings = found("# 职业面向\n# 毕业要求\n# 附\n# 职业面向\n面向果园。\n# 毕业要求\n修满学分。")
    assert findings["职业面向"].note == findings["毕业要求"].note == ""


def test_a_heading_whose_line_break_is_lost() -> None:
    """A numbered name behind a paragraph's last sentence is a chapter; the name inside a sentence is none."""
    text = OUTLINE.replace("教师 8 人。\n### （二）教学设施\n", "教师 8 人。（二）教学设施\n")
    assert found(text)["教学设施"].heading == "（二）教学设施"
    assert not found(text)["教学设施"].note
    text = OUTLINE.replace("教师 8 人。\n### （二）教学设施\n果园两处。", "教师 8 人，见（二）教学设施")
    assert not found(text)["教学设施"].found


def test_other_order_is_told() -> None:
    """A chapter that stands before one that it usually follows."""
    findings = found("# 一、职业面向\n果园\n# 二、毕业要求\n学分\n# 三、课程设置\n课程\n# 四、实施保障\n条件")
    assert findings["毕业要求"].note == "次序与通行格式不同：排在“课程设置及要求”之前"
    assert findings["实施保障"].note == ""


def test_half_a_chapter_is_told() -> None:
    """Aims without a specification."""
    assert found("# 五、培养目标\n培养果树工。")["培养目标与培养规格"].note == "没有找到培养规格"


def test_a_table_can_be_the_chapter() -> None:
    """A caption, and a row of a form, name chapters that have no heading."""
    findings = found("表 5 各类课程学时分配\n| 类别 | 学时 |\n| 公共 | 640 |\n| 入学要求 | 高中毕业生及同等学力者 |")
    assert "以表格给出" in findings["学时学分分配"].note
    assert findings["入学要求"].found


def test_the_annex_begins_an_appendix() -> None:
    """附件 behind the body counts as the appendix."""
    programme = plan("# 一、职业面向\n果园", "# 附件 1 课程标准\n《修剪》课程标准")
    finding = next(f for f in find_chapters(programme) if f.title == "附录")
    assert finding.heading == "附件 1 课程标准"


def test_shared_chapters_belong_to_every_major() -> None:
    """What several majors share is found and said to be shared; the major's own chapter comes first."""
    document = write("# 专业群职业面向\n农业\n# 果树专业\n# 职业面向\n果园\n# 实施保障\n果园两处。")
    start, end = document.text.index("果树专业"), document.text.index("实施保障") - 1
    shared = ((0, start - 1), (end + 1, len(document.text)))
    programme = Programme(document, start=start, end=end, annex_start=end, shared=shared)
    findings = {finding.title: finding for finding in find_chapters(programme)}
    assert findings["职业面向"].heading == "职业面向"
    assert findings["实施保障"].note == "在各专业共用的部分"


def test_every_expected_chapter_has_a_finding() -> None:
    """Also for a plan without a word of them."""
    assert [f.title for f in find_chapters(plan("略"))] == [expected.title for expected in CHAPTERS]


def test_parts_as_chapters_of_their_own_are_the_chapter() -> None:
    """师资, 教学条件 and 质量 as chapters of their own make 实施保障; one of them alone does not."""
    several = found("# 七、师资队伍\n教师 8 人。\n# 八、教学条件\n果园两处。\n# 九、质量保障\n每学期检查。")["实施保障"]
    assert (several.found, several.heading) == (True, "七、师资队伍")
    assert several.note == "没有合为一章，师资队伍、教学设施、质量管理各自成章"
    assert not found("# 七、师资队伍\n教师 8 人。")["实施保障"].found


def test_hours_and_credits_without_a_further_word() -> None:
    """A chapter may be called 学时与学分 and no more."""
    assert found("# 七、学时与学分\n共 2600 学时。")["学时学分分配"].found


def test_an_appendix_with_annexed_course_standards_is_not_empty() -> None:
    """What is annexed stands under the heading, though it is no part of the plan's body."""
    text = f"{OUTLINE.removesuffix('进程表。' + chr(10))}### 附件 1　《修剪》课程标准\n课程名称：修剪。\n"
    document = write(text)
    start = next(block.locator.start for block in document.blocks if "附录" in block.text)
    programme = Programme(document, end=len(document.text), annex_start=start)
    (annex,) = (finding for finding in find_chapters(programme) if finding.title == "附录")
    assert annex.found
    assert annex.note == ""
