"""A programme plan of our own with everything an audit can say of it, built by hand for the renderers' tests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import nan

from alignment.model import Evidence, Match, Reading, RuleVerdict
from alignment.programme.model import (
    AnnexCourse,
    ChapterFinding,
    ClauseFinding,
    CodeFinding,
    Contradiction,
    CourseFinding,
    CourseHit,
    CourseMatch,
    ElementUnion,
    HourCell,
    HourStructure,
    PackConflict,
    ProgrammeAudit,
    Support,
    SupportMatrix,
)
from corpora.document import Document, ErrorItem, Locator, Part
from corpora.document_builder import CellSpec, DocumentBuilder
from corpora.programme.model import (
    Category,
    Choice,
    Fact,
    Figure,
    PlanCourse,
    Programme,
    Schedule,
    SemesterCell,
    StatedTotal,
)
from corpora.standard import Standard

#: block, code, name, credits, hours, theory, practice, semester hours a week (1..6), exam
COURSES: tuple[tuple[str, ...], ...] = (
    ("公共必修", "G0001", "思想道德与法治", "3", "48", "40", "8", "4", "", "", "", "", "", "考试"),
    ("公共必修", "G0002", "体育与健康", "6", "96", "10", "86", "2", "2", "2", "", "", "", "考查"),
    ("公共必修", "G0003", "军事理论", "2", "36", "36", "0", "2", "", "", "", "", "", "考查"),
    ("公共必修", "G0004", "大学英语", "8", "128", "96", "32", "4", "4", "", "", "", "", "考试"),
    ("公共选修", "", "其他公共选修", "2", "32", "32", "0", "", "", "2", "", "", "", "考查"),
    ("专业平台", "Z0101", "零售概论", "3", "48", "32", "16", "4", "", "", "", "", "", "考试"),
    ("专业平台", "Z0102", "商务数据基础", "4", "64", "32", "32", "", "4", "", "", "", "", "考试"),
    ("专业平台", "Z0103", "门店管理", "3.5", "56", "28", "28", "", "4", "", "", "", "", "考试"),
    ("专业模块", "Z0201", "网店运营推广", "4", "64", "24", "40", "", "", "4", "", "", "", "考试"),
    ("专业模块", "Z0202", "直播电商实务", "4", "64", "20", "44", "", "", "4", "", "", "", "考试"),
    ("专业模块", "Z0203", "视觉设计与制作", "3", "54", "18", "36", "", "", "", "4", "", "", "考查"),
    ("直播方向", "Z0301", "主播训练", "4", "64", "16", "48", "", "", "", "4", "", "", "考查"),
    ("供应链方向", "Z0302", "仓配一体化", "4", "64", "16", "48", "", "", "", "4", "", "", "考查"),
    ("集中实践", "S0001", "认识实习", "1", "24", "0", "24", "1w", "", "", "", "", "", "考查"),
    ("集中实践", "S0002", "岗位实习", "24", "576", "0", "576", "", "", "", "", "8w", "16w", "考查"),
)
_CATEGORY: dict[str, Category] = {
    "公共必修": "public",
    "公共选修": "public",
    "专业平台": "foundation",
    "专业模块": "core",
    "直播方向": "extension",
    "供应链方向": "extension",
    "集中实践": "practice",
}
HEADER = ("模块", "代码", "课程名称", "学分", "总学时", "理论", "实践", "1", "2", "3", "4", "5", "6", "考核")
TOTAL = ("总计", "", "", "71.5", "1354", "384", "970", "", "", "", "", "", "", "")
PARAGRAPHS = (
    "一、专业名称及代码",
    "专业名称：智慧零售运营（590123）",
    "二、培养目标与培养规格",
    "毕业生掌握一项运动技能，能用英语接待顾客。",
    "三、师资队伍",
    "专任教师 14 人，其中高级职称 3 人，双师型教师 7 人。",
    "四、教学条件",
    "直播实训室配备补光灯、摄像机、声卡，服务直播电商实务课程。",
    "五、毕业要求",
    "修满 70 学分方可毕业。",
)


class Plan:
    """The plan's document, with ways to point into it."""

    def __init__(self) -> None:
        builder = DocumentBuilder("智慧零售运营人才培养方案.docx", b"plan", "docx")
        for text in PARAGRAPHS:
            builder.add("heading" if text[1] == "、" else "paragraph", text, level=int(text[1] == "、"))
        rows = (HEADER, *COURSES, TOTAL)
        cells = [CellSpec(text, row, column) for row, line in enumerate(rows) for column, text in enumerate(line)]
        builder.add_table(cells, header_rows=1, caption="教学进程表")
        document = builder.build()
        end = next(b for b in document.blocks if b.locator.table).locator.start
        first = Part(document.name, document.sha256, "docx", 0, end - 1)
        second = Part("进程表.xlsx", "5e" * 32, "xlsx", end, len(document.text), 0, len(PARAGRAPHS))
        self.document: Document = replace(document, parts=(first, second))

    def cell(self, row: int, column: int) -> Locator:
        """A cell of the course table, both from 0."""
        found = self.document.tables[0].cell_at(row, column)
        assert found is not None
        block = next(b for b in self.document.blocks if b.locator.table == 1 and b.locator.row == row + 1)
        return replace(block.locator, start=found.start, end=found.end, cell=column + 1)

    def evidence(self, row: int, column: int) -> Evidence:
        """A cell as evidence."""
        locator = self.cell(row, column)
        return Evidence(self.document.resolve(locator), locator, ("教学进程表",), 1.0)

    def quote(self, text: str) -> Evidence:
        """A passage of the running text as evidence."""
        start = self.document.text.index(text)
        locator = self.document.block_at(start).locator.slice(start, start + len(text))
        return Evidence(text, locator, ("方案正文",), 0.93)

    def figure(self, row: int, column: int) -> Figure | None:
        """The number of a cell, None for an empty one."""
        locator = self.cell(row, column)
        text = self.document.resolve(locator)
        return Figure(float(text), text, locator) if text else None


def semesters(plan: Plan, row: int) -> tuple[SemesterCell, ...]:
    """The filled semester cells of a row."""
    found = []
    for column in range(7, 13):
        locator = plan.cell(row, column)
        text = plan.document.resolve(locator)
        if text:
            weeks = text.endswith("w")
            unit = "weeks" if weeks else "hours_per_week"
            found.append(SemesterCell(HEADER[column], text, locator, unit, float(text.rstrip("w"))))  # type: ignore[arg-type]
    return tuple(found)


def course(plan: Plan, index: int) -> PlanCourse:
    """One course row as read."""
    row, line = index + 1, COURSES[index]
    block, direction = line[0], line[0].endswith("方向")
    note = "平台课程读作专业基础课程" if block == "专业平台" else ""
    return PlanCourse(
        name=line[2],
        category=_CATEGORY[block],
        category_text=block,
        table=1,
        row=row + 1,
        locator=plan.cell(row, 2),
        code=line[1],
        category_note=note,
        category_alt="other" if block == "公共选修" else None,
        required=None if direction else block != "公共选修",
        credits=plan.figure(row, 3),
        hours=plan.figure(row, 4),
        theory=plan.figure(row, 5),
        practice=plan.figure(row, 6),
        semesters=semesters(plan, row),
        exam=line[13],  # type: ignore[arg-type]
        placeholder=line[2].startswith("其他"),
    )


def programme(plan: Plan) -> Programme:
    """The plan as read."""
    courses = tuple(course(plan, index) for index in range(len(COURSES)))
    choice = Choice("方向", "direction", ((11,), (12,)), 1, 4, 64, 16, 48, "两个方向学时相同，总计只含一个")
    row = len(COURSES) + 1
    total = StatedTotal(
        *("总计", "", 0, tuple(range(len(COURSES))), 1, row + 1, plan.cell(row, 0)),
        credits=plan.figure(row, 3),
        hours=plan.figure(row, 4),
        theory=plan.figure(row, 5),
        practice=plan.figure(row, 6),
    )
    problems = (ErrorItem("第 2 张图片", "学时表是图片，请附上 Excel"),)
    place = plan.quote("高级职称 3 人").locator
    facts = (
        Fact("senior_count", Figure(3, "专任教师 14 人，其中高级职称 3 人", place), "count", subject="专任"),
        Fact("leader_title", Figure(nan, "双师型教师 7 人", place), "text", words="副教授"),
    )
    schedule = Schedule(courses, (choice,), (total,), tables=(1,), problems=problems)
    end = len(plan.document.text)
    return Programme(
        *(plan.document, "智慧零售运营", "590123", "2026级", 0, end, end),
        schedule=schedule,
        facts=facts,
    )


def rules(plan: Plan) -> tuple[RuleVerdict, ...]:
    """Verdicts of every kind: failing and passing, with readings, undetermined, of a local pack."""
    total = plan.evidence(len(COURSES) + 1, 4)
    reading = Reading("公共选修不计入公共基础课", "fail", 22.75, "308 ÷ 1354 = 22.75% < 25%", (plan.evidence(5, 4),))
    same = Reading("分母用各行之和 1386", "pass", 24.53, "340 ÷ 1386 = 24.53%")
    return (
        RuleVerdict("NR01", "pass", 3, "= 3 年", "must", "3 = 3", title="基本修业年限", section="4"),
        RuleVerdict(
            *("NR02", "fail", 3, "= 8 门", "should", "零售概论、商务数据基础、门店管理，共 3 门"),
            title="专业基础课程门数",
            section="8.1.2(1)",
        ),
        RuleVerdict(
            *("NR04", "fail", 1354, ">= 2500 学时", "must", "总计 1354 < 2500，还差 1146 学时", (total,)),
            title="总学时",
            text="总学时不少于 2500 学时",
            section="8.2",
        ),
        RuleVerdict(
            *("NR06", "pass", 25.11, ">= 25 %", "should", "340 ÷ 1354 = 25.11% ≥ 25%", (total, plan.evidence(1, 4))),
            "公共选修按公共基础课计入",
            (reading, same),
            title="公共基础课总学时占总学时比例",
            section="8.2",
        ),
        RuleVerdict(
            *("NR11", "cannot_determine", None, "<= 25 :1", "must", ""),
            note="缺少本专业学生数",
            title="学生数与本专业专任教师数之比",
            section="9.1",
        ),
        RuleVerdict(
            *("NR13", "pass", 21.43, ">= 20 %", "must", "3 ÷ 14 = 21.43%", (plan.quote("高级职称 3 人"),)),
            title="高级职称专任教师比例",
            section="9.1",
        ),
        RuleVerdict(
            *("OR01", "fail", ("心理健康教育", "劳动教育"), "应包含 5 项：思想政治、体育、军事理论与军训", "must"),
            "5 项中有 3 项：思想政治←思想道德与法治",
            title="公共基础必修课程",
            section="8.1.1",
        ),
        RuleVerdict(
            *("LR01", "pass", 1354, "<= 2400 学时", "must", "1354 ≤ 2400", (total,)),
            title="总学时上限",
            section="二",
            source="某校规则",
        ),
    )


def contradictions(plan: Plan) -> tuple[Contradiction, ...]:
    """Two contradictions; the second one bears on rules."""
    quote, total = plan.quote("修满 70 学分"), plan.evidence(len(COURSES) + 1, 3)
    return (
        Contradiction("X1", "text", "毕业要求写 70 学分，课程表总计 71.5 学分", "71.5 − 70 = 1.5", (quote, total)),
        Contradiction(
            *("X2", "sum", "总计 1354 学时，各行相加（方向计一次）为 1354 以外的 1390 学时"),
            "48 + 96 + … + 576 = 1390 ≠ 1354",
            (plan.evidence(len(COURSES) + 1, 4),),
            ("NR04", "NR06"),
        ),
    )


def matches(plan: Plan, standard: Standard) -> tuple[CourseMatch, ...]:
    """Every course of the standard with a status; most are absent."""
    served = {
        "G1": ("offered", (0,), "alias"),
        "G2": ("offered", (1,), "alias"),
        "GE8": ("offered", (3,), "alias"),
        "C1": ("offered", (8,), "content"),
        "C2": ("offered_one_direction", (11,), "content"),
        "B1": ("partial", (5,), "content"),
    }
    kinds = ("public_required", "public_required_or_elective", "foundation_course", "core_course", "extension_course")
    found = []
    for statement in standard.of_kind(*kinds):
        status, courses, basis = served.get(statement.id, ("absent", (), "name"))
        hits = tuple(
            CourseHit(COURSES[index][2], basis, 0.87, index, True, (plan.evidence(index + 1, 2),))  # type: ignore[arg-type]
            for index in courses
        )
        found.append(CourseMatch(statement, status, hits, "只在直播方向开设" if "direction" in status else ""))  # type: ignore[arg-type]
    return tuple(found)


def support(plan: Plan, standard: Standard) -> SupportMatrix:
    """A matrix with marks that the content bears out, marks it does not, and support that is not marked."""
    competencies, courses = standard.competencies, (0, 3, 5, 6, 8, 9, 10)
    cells = tuple(
        Support(
            *(competency.id, index, "H" if (row + column) % 4 == 0 else "", 0.1 + 0.8 * ((row * column) % 5 == 1)),
            supports=(row * column) % 5 == 1,
            evidence=(plan.evidence(index + 1, 2),),
        )
        for row, competency in enumerate(competencies)
        for column, index in enumerate(courses)
    )
    differences = (f"{competencies[2].id} 标注由“零售概论”支撑，课程内容看不出",)
    return SupportMatrix(competencies, courses, cells, True, (competencies[0].id,), (5,), differences)


def clauses(plan: Plan, standard: Standard) -> tuple[ClauseFinding, ...]:
    """Rooms and provisions: one covered, one partly with equipment missing, the rest missing."""
    kinds = ("faculty", "training_room", "internship_place", "teaching_material", "quality_assurance", "graduation")
    room = plan.quote("直播实训室配备补光灯、摄像机、声卡")
    found = []
    for number, statement in enumerate(standard.of_kind(*kinds)):
        equipment = statement.equipment
        if statement.kind == "training_room" and number % 3 == 0:
            found.append(
                ClauseFinding(
                    statement, statement.section, 1, 0.64, (room,), equipment[:2], equipment[2:], "服务 1 门课程"
                )
            )
        else:
            found.append(ClauseFinding(statement, statement.section, 0, 0.05, missing=equipment))
    quote = plan.quote("修满 70 学分方可毕业。")
    return (*found[:-1], replace(found[-1], grade=2, probability=0.95, evidence=(quote,)))


def build(standard: Standard, matched: Sequence[Match] = ()) -> tuple[ProgrammeAudit, tuple[RuleVerdict, ...]]:
    """An audit with its rule verdicts.

    Parameters
    ----------
    standard : what the plan is held against.
    matched : matches that the one annexed course standard has.
    """
    plan = Plan()
    heading = plan.quote("三、师资队伍").locator
    audit = ProgrammeAudit(
        programme(plan),
        HourStructure(
            (
                HourCell("公共基础课", 340, 21, 214, 126, "public"),
                HourCell("专业基础课", 168, 10.5, 92, 76, "foundation"),
                HourCell("专业核心课", 182, 11, 62, 120, "core"),
                HourCell("专业拓展课", 64, 4, 16, 48, "extension"),
                HourCell("实践性教学环节", 600, 25, 0, 600, "practice"),
            ),
            tuple(HourCell(f"第{n}学期", hours) for n, hours in enumerate((320, 280, 160, 118, 192, 384), 1)),
            HourCell("合计", 1354, 71.5, 384, 970),
            plan.figure(len(COURSES) + 1, 4),
        ),
        contradictions(plan),
        matches(plan, standard),
        (
            CourseFinding("orphan", (7,), "“门店管理”在标准中没有对应的课程", (), (plan.evidence(8, 2),)),
            CourseFinding("near_duplicate", (9, 11), "“直播电商实务”与“主播训练”内容相近，相似度 0.88"),
        ),
        support(plan, standard),
        (
            ChapterFinding("师资队伍", True, "三、师资队伍", heading, 3),
            ChapterFinding("教学进程总体安排", False, note="只有课程表，没有标题"),
        ),
        clauses(plan, standard),
        (
            CodeFinding("专业代码", "530701", "590123", False, (plan.quote("智慧零售运营（590123）"),)),
            CodeFinding("所属行业", "互联网和相关服务（64）", "", None),
        ),
        (AnnexCourse("网店运营推广课程标准", heading, ("C1",), 0.62, tuple(matched), 5210, 8),),
        tuple(
            ElementUnion(
                e.id, grade, ("网店运营推广", "零售概论", "门店管理")[:grade], ("直播电商实务",) if grade == 1 else ()
            )  # type: ignore[arg-type]
            for e, grade in zip(standard.elements, (2, 1, 0) * len(standard.elements), strict=False)
        ),
        (PackConflict("某校规则", "LR01", "NR04", "上限 2400 低于标准的下限 2500"),),
        ("连锁经营与管理",),
    )
    return audit, rules(plan)
