"""The types of a read programme plan: courses, choices between them, stated totals, week tables, shares and facts.

Every number keeps the text it was read from and where that stands, so that each sum can be shown with its cells.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from corpora.document import Document, ErrorItem, Locator

Category = Literal["public", "foundation", "core", "extension", "practice", "other"]
CATEGORY_NAMES: dict[Category, str] = {
    "public": "公共基础课",
    "foundation": "专业基础课",
    "core": "专业核心课",
    "extension": "专业拓展课",
    "practice": "实践性教学环节",
    "other": "其他",
}
Exam = Literal["考试", "考查", ""]
ChoiceKind = Literal["direction", "merged", "quota"]
Unit = Literal["hours", "hours_per_week", "weeks", "credits", "percent", "years", "months", "count", "ratio", "text"]
Operator = Literal["=", ">=", "<=", "~"]
FactKind = Literal[
    "years",  # 基本修业年限
    "total_hours",
    "total_credits",
    "theory_hours",
    "practice_hours",
    "practice_share",
    "public_hours",
    "public_share",
    "elective_hours",
    "elective_credits",
    "elective_share",
    "hours_per_credit",  # a conversion that the plan states
    "course_hours",  # hours or credits of one course in the running text; subject = the course's name
    "course_credits",
    "category_credits",  # credits of a block in the running text; subject = the block's name
    "category_hours",
    "category_courses",  # number of courses of a block in the running text
    "internship_weeks",
    "internship_months",
    "internship_credits",
    "internship_hours",
    "internship_semester",
    "activity_weeks",  # 军训, 社会实践, 入学教育, 毕业教育; subject = the activity
    "activity_credits",
    "students",  # students of this major
    "teachers",  # subject: 专任, 兼职, 专兼, 核心教学队伍 …
    "student_teacher_ratio",
    "double_qualified_count",
    "double_qualified_share",
    "senior_count",
    "senior_share",
    "intermediate_or_above_count",  # 中级及以上; subject: 兼职 …
    "below_intermediate_count",
    "leader_title",
    "enterprise_practice_yearly",  # months a year
    "enterprise_practice_five_years",  # months in five years
    "sports_skills",
    "art_skills",
    "foreign_languages",
    "teacher_certificate",
    "teacher_degree",
    "internship_agreement",
    "catalogue_code",  # the major's code
    "catalogue_name",  # the major's name
]


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with the text it was read from and its place.

    ``locator`` encloses the cell or the sentence, so that ``document.resolve(locator)`` contains ``text``.
    """

    value: float
    text: str
    locator: Locator


@dataclass(frozen=True, slots=True)
class SemesterCell:
    """One filled cell of a semester column.

    Parameters
    ----------
    semester : number of the semester as printed ("1"), or the column's name ("暑假1" for the first summer term).
    text : the cell, verbatim.
    locator : the cell.
    unit : what its number counts: weekly hours, hours of the semester, weeks, or credits.
    value : the number; for ``2+1`` the sum; None where it holds only a mark (√, *, ※).
    """

    semester: str
    text: str
    locator: Locator
    unit: Unit
    value: float | None


@dataclass(frozen=True)
class PlanCourse:
    """One course row of a plan's schedule.

    Parameters
    ----------
    name : as printed without line breaks; a text in brackets such as ``（未命名）`` for a row without a name.
    code : as printed, "" without one.
    category : where the plan puts it, in the standard's words.
    category_text : the plan's own block labels, outermost first, joined by ``/``.
    category_note : why this category, where the plan does not use the standard's words (Chinese), else "".
    category_alt : another category that can be defended, else None.
    required : compulsory, elective (False), or None for a course of a direction of which one is taken.
    credits, hours, theory, practice : the row's figures; None for an empty cell or one that holds no such number.
        A merged cell gives the same figure (same locator) to each of its rows: see ``Choice``.
    theory_derived : whether ``theory`` is total - practice (or the other way round), for tables without that column.
    weeks : weeks that the row states in place of hours (``1w``, ``8W``), with all its semester cells' weeks added.
    semesters : the filled semester cells, left to right.
    other : hours of a third part beside theory and practice (课外, 网络自学), where these three make the total.
    alternative_semesters : the same full figure stands in several semesters of which one applies.
    exam : form of assessment.
    placeholder : not a real course (``其他任选课程``, an unnamed row that has hours).
    table, row : numbers of the table and of the row in it, from 1, as in ``Locator``.
    locator : the cell with the name (the row where it has none).
    """

    name: str
    category: Category
    category_text: str
    table: int
    row: int
    locator: Locator
    code: str = ""
    category_note: str = ""
    category_alt: Category | None = None
    required: bool | None = True
    credits: Figure | None = None
    hours: Figure | None = None
    theory: Figure | None = None
    practice: Figure | None = None
    theory_derived: bool = False
    other: Figure | None = None
    weeks: Figure | None = None
    semesters: tuple[SemesterCell, ...] = ()
    alternative_semesters: bool = False
    exam: Exam = ""
    placeholder: bool = False
    note: str = ""


@dataclass(frozen=True)
class Choice:
    """Courses of which only some are taken, counted once.

    Parameters
    ----------
    id : unique in the plan, readable (``方向``, ``数学``).
    kind : ``direction`` one of several whole lists; ``merged`` rows that share one merged credit or hour cell;
        ``quota`` rows of which the block's subtotal counts fewer than are printed.
    options : indices into ``Schedule.courses``; each option is taken or left as a whole.
    take : number of options taken, None where only hours or credits tell how much (quota).
    credits, hours, theory, practice : what the choice counts for; None where that is not stated and options differ.
    basis : why it is read so, in Chinese (``两个方向各有小计，总计只含一个``).
    """

    id: str
    kind: ChoiceKind
    options: tuple[tuple[int, ...], ...]
    take: int | None
    credits: float | None
    hours: float | None
    theory: float | None
    practice: float | None
    basis: str

    @property
    def courses(self) -> tuple[int, ...]:
        """All courses among its options, in their order."""
        return tuple(sorted(course for option in self.options for course in option))


@dataclass(frozen=True)
class StatedTotal:
    """A subtotal or total row of a course table.

    Parameters
    ----------
    label : the row's own label (``小计``, ``课时合计``, ``总计``).
    block : block labels that it stands in, outermost first, joined by ``/``; "" for the whole table.
    level : 0 sum of the whole plan, 1 of an outer block, 2 of an inner one.
    courses : indices of the courses above it that it should sum, choices not yet taken into account.
    credits, hours, theory, practice : as stated.
    other : its hours beside theory and practice, where these three make the total.
    semesters : its filled semester cells.
    counts : whether the row states credits only, hours only, or both (``学分小计`` under ``课时小计``).
    """

    label: str
    block: str
    level: int
    courses: tuple[int, ...]
    table: int
    row: int
    locator: Locator
    credits: Figure | None = None
    hours: Figure | None = None
    theory: Figure | None = None
    practice: Figure | None = None
    other: Figure | None = None
    semesters: tuple[SemesterCell, ...] = ()
    counts: Literal["both", "hours", "credits"] = "both"


@dataclass(frozen=True)
class ListedCourse:
    """A course in a table that is not the schedule (专业核心课程列表, option lists, school-wide lists).

    ``pool`` tells an option list of courses that the schedule does not hold all of.
    """

    name: str
    table: int
    row: int
    locator: Locator
    category: Category = "other"
    credits: Figure | None = None
    hours: Figure | None = None
    semesters: tuple[str, ...] = ()
    group: str = ""
    pool: bool = False


@dataclass(frozen=True)
class Schedule:
    """The plan's schedule of courses, read from all its tables.

    ``tables`` are the numbers of the tables read as schedule; ``listed`` what other tables say of courses; ``problems``
    what stood in the way, in Chinese (the schedule is a picture, a row could not be read).
    """

    courses: tuple[PlanCourse, ...] = ()
    choices: tuple[Choice, ...] = ()
    totals: tuple[StatedTotal, ...] = ()
    listed: tuple[ListedCourse, ...] = ()
    tables: tuple[int, ...] = ()
    problems: tuple[ErrorItem, ...] = ()


@dataclass(frozen=True)
class ShareRow:
    """One row (or column) of a table that splits hours or credits by category.

    ``share`` is in percent, whichever way it was printed (0.2857, 28.57 %); ``share_of`` tells of what, where the table
    does. A table may split the total in several ways (必修 and 选修 below the categories): rows of one ``split`` belong
    together. ``total`` marks sums and subtotals; ``label`` is the row's own, with outer labels before it, joined by
    ``/``.
    """

    label: str
    table: int
    locator: Locator
    category: Category | None = None
    required: bool | None = None
    total: bool = False
    hours: Figure | None = None
    credits: Figure | None = None
    theory: Figure | None = None
    practice: Figure | None = None
    share: Figure | None = None
    share_of: Literal["hours", "credits", ""] = ""
    split: int = 0


@dataclass(frozen=True)
class WeekRow:
    """One semester of the table of weeks (教学时间分配表); ``total`` for the row that sums them.

    ``weeks`` maps a column's name (innermost header text) to its figure; ``hours`` columns of hours likewise.
    """

    semester: str
    table: int
    locator: Locator
    total: bool = False
    weeks: dict[str, Figure] = field(default_factory=dict)
    hours: dict[str, Figure] = field(default_factory=dict)


@dataclass(frozen=True)
class Fact:
    """One figure or statement in the running text (or in a table that is none of the above).

    Parameters
    ----------
    kind : which quantity.
    figure : number, verbatim sentence or cell, place; for text facts the value is nan.
    unit : unit of the number.
    operator : ``=``, ``>=`` (95%以上), ``<=``, ``~`` (约).
    subject : what or whom it is said of, "" for the major as a whole.
    annex : whether it stands in an annex (课程标准, 调研报告) and not in the plan's body.
    words : the decisive words, verbatim (``副教授``, ``三方协议``).
    norm : a requirement or promise (``一般不低于 60%``, ``应具有副高职称``), not a report of what is there.
    """

    kind: FactKind
    figure: Figure
    unit: Unit
    operator: Operator = "="
    subject: str = ""
    annex: bool = False
    words: str = ""
    norm: bool = False


@dataclass(frozen=True)
class Programme:
    """One programme plan as read: one major.

    Parameters
    ----------
    document : the document, all its files joined.
    name, code : of the major, as the plan gives them ("" where not found); ``grade`` the year of entry.
    start, end : the stretch of ``document.text`` that is about this major (the whole of it for a single major).
    annex_start : where course standards or reports annexed to the plan begin; ``end`` without an annex. Files joined to
        the plan stand before it.
    shared : further stretches that speak of all majors of the file.
    """

    document: Document
    name: str = ""
    code: str = ""
    grade: str = ""
    start: int = 0
    end: int = 0
    annex_start: int = 0
    shared: tuple[tuple[int, int], ...] = ()
    schedule: Schedule = field(default_factory=Schedule)
    shares: tuple[ShareRow, ...] = ()
    weeks: tuple[WeekRow, ...] = ()
    facts: tuple[Fact, ...] = ()

    @property
    def stretches(self) -> tuple[tuple[int, int], ...]:
        """The stretches of text that are about this major, its own first."""
        return ((self.start, self.end), *self.shared)

    def holds(self, offset: int) -> bool:
        """Whether a character of the document is about this major."""
        return any(start <= offset < end for start, end in self.stretches)

    def facts_of(self, *kinds: FactKind) -> tuple[Fact, ...]:
        """Facts of the given kinds, the body's before the annex's, in their order."""
        return tuple(sorted((f for f in self.facts if f.kind in kinds), key=lambda f: f.annex))

    @cached_property
    def in_choice(self) -> dict[int, Choice]:
        """The choice that each course index belongs to, for those that belong to one."""
        return {course: choice for choice in self.schedule.choices for course in choice.courses}
