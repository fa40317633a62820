"""What one cell of a course table says: numbers, weeks, pairs, semester cells, forms of assessment, choice words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from corpora.programme.model import Exam, Unit

_WIDE = str.maketrans("０１２３４５６７８９．＋／＊－（）：％", "0123456789.+/*-():%")
_N = r"(\d+(?:\.\d+)?)"
# footnote marks before or after a number: 64*, 16#, ★4
_MARKS = r"[*#★☆△▲※●○◆◇■□√✓]*"
_UNITS = r"(?:个?(?:学时|课时|学分|节课|节|分)|[hH])?"
_NUMBER = re.compile(rf"[≥>]?\(?{_MARKS}[≥>]?{_N}{_UNITS}{_MARKS}\)?(?:\([^()]*\))?{_MARKS}")
_PRODUCT = re.compile(rf"{_N}{_UNITS}[*×xX]{_N}(?:周|[wW])?")
_SUM = re.compile(rf"{_N}{_UNITS}(?:\+{_N}{_UNITS})+")
_ADDENDS = re.compile(_N)
_PAIR = re.compile(rf"{_N}(?:学分)?/{_N}(?:学时|课时)?")
_PAIR_WEEKS = re.compile(rf"{_N}(?:学分)?/{_N}(?:周|[wW])")
_WEEKS = re.compile(rf"\(?{_MARKS}{_N}个?(?:周|[wW])(?:[*+]?{_N}?(?:学时|课时)?)?{_MARKS}\)?(?:\([^()]*\))?")
_WEEKS_INSIDE = re.compile(rf"{_N}个?(?:教学)?(?:周|[wW])")
_DAYS = re.compile(rf"\(?{_N}天\)?")
# hours of a whole semester: 4/期, 4+4/期, 8学时/学期
_PER_SEMESTER = re.compile(rf"{_N}{_UNITS}(?:\+{_N}{_UNITS})*/(?:学)?期")
# weekly hours x weeks: 4/14W, 2×16周, 16*3
_WEEKLY_TIMES = re.compile(rf"{_N}{_UNITS}[/*×xX]{_N}(?:周|[wW])")
# weeks x weekly hours: 16周×3; from 16 hours a week on they are weeks of practice
_WEEKS_TIMES = re.compile(rf"{_N}个?(?:周|[wW])[*×xX]{_N}{_UNITS}")
_MARK = re.compile(r"[(]?[√✓✔VvⅤ*＊※☆★△▲○●◎◆◇■□+]{1,3}[)]?")
_BRACKET_ALL = re.compile(r"\((?:[^()]*)\)")
_CHINESE = {c: i for i, c in enumerate("一二三四五六七八九十", 1)}
_ROMAN = {c: i for i, c in enumerate("ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩ", 1)}
_BLANK = re.compile(r"[\s　\-–—―/\\·.]*|无|空")
_EXAM_TEST = re.compile(r"考试|统考|闭卷|开卷|笔试|机试|^[试SＳ]$")
_EXAM_CHECK = re.compile(r"考查|考察|考核|^[查CＣ]$|过程性|实操|作品|报告")
_ELECTIVE = re.compile(r"任意?选|限(?:定|制)?性?选|选修|公选|互选|^[（(]?[选任限][）)]?$|限选")
_REQUIRED = re.compile(r"必修|必选|^[（(]?必[）)]?$")
_KIND = re.compile(
    r"[（(]?(?:[ABC](?:类|型)?|(?:纯)?(?:理论|实践|实训|实习)(?:性)?(?:课|型|类|教学|课程)*|理论(?:\+|＋|与|加|、|/)实践(?:课|课程|型|类)*|"
    r"(?:理论?|理论实践|理实)一体(?:化)?(?:课|课程|型|类)*|必修课?程?(?=$)|综合(?:课|型)|单一|混合)[）)]?"
)
_CHINESE_LETTER = re.compile(r"[一-鿿]")
# an English name of several words: Computer Programming (II)
_ENGLISH = re.compile(r"\s*[A-Z][a-z]{2,}[\s-]+[A-Za-z][\x00-\x7f]+")
# 3.大学英语, 3、大学英语, （3）大学英语
_NAME_NUMBER = re.compile(r"(?:\d{1,2}(?:[.．]\s*(?!\d)|[、\s]\s*)|[(（]\d{1,2}[)）]|[①-⑳])\s*(?=\S)")
# from the first English word after the last Chinese letter
_ENGLISH_TAIL = re.compile(r"(?<![A-Za-z])[A-Z][A-Za-z-]{2,}[^\u4e00-\u9fff]*$")
# English after a header's last Chinese letter: a word of three letters or more, with what follows
_ENGLISH_HEADER = re.compile(r"[\s/／(（]*[A-Z][A-Za-z]{2,}[^\u4e00-\u9fff]*$")
_ASCII_END = re.compile(r"[A-Za-z0-9]$")
_ASCII_START = re.compile(r"^[A-Za-z0-9]")


@dataclass(frozen=True, slots=True)
class SemesterValue:
    """What a semester cell says: ``unit`` None for a plain number, whose unit the table tells."""

    value: float | None
    unit: Unit | None
    optional: bool = False


def flat(text: str) -> str:
    """A text without white space, full-width digits and brackets made half-width."""
    return "".join(text.split()).replace("\u3000", "").translate(_WIDE)


def label(text: str) -> str:
    """A block label as it is shown: without white space, and once where the cell repeats it, otherwise verbatim."""
    plain = "".join(text.split())
    half = plain[: len(plain) // 2]
    return half if len(half) >= 3 and half * 2 == plain else plain


def header_text(text: str) -> str:
    """A header in Chinese without the English below or beside it: ``课程名称 Course Name`` is ``课程名称``."""
    plain = text.strip()
    return (_ENGLISH_HEADER.sub("", plain).strip() or plain) if _CHINESE_LETTER.search(plain) else plain


def has_english(text: str) -> bool | None:
    """Whether a Chinese name has an English one after it; None for a text without Chinese."""
    return _ENGLISH_TAIL.search(text.strip()) is not None if _CHINESE_LETTER.search(text) else None


def is_numbered(text: str) -> bool:
    """Whether a name begins with a number of its place in a list."""
    return _NAME_NUMBER.match(text.strip()) is not None


def clean_name(text: str, bilingual: bool = False, numbered: bool = False) -> str:
    """A course name without line breaks, spaces between Chinese characters, and an English name in lines below.

    ``bilingual`` tells that the column gives English names, so that a single word or one beside the name is one too;
    ``numbered`` that its names begin with their place in the list.
    """
    text = _NAME_NUMBER.sub("", text.strip(), count=1) if numbered else text
    text = _ENGLISH_TAIL.sub("", text.strip()) if bilingual and _CHINESE_LETTER.search(text) else text
    lines = text.strip().splitlines()
    chinese = [n for n, line in enumerate(lines) if _CHINESE_LETTER.search(line)]
    if chinese and chinese[-1] < len(lines) - 1 and _ENGLISH.fullmatch(" ".join(lines[chinese[-1] + 1 :])):
        lines = lines[: chinese[-1] + 1]
    name = ""
    for part in " ".join(lines).split():
        glue = " " if name and _ASCII_END.search(name) and _ASCII_START.search(part) else ""
        name += glue + part
    return name


def is_blank(text: str) -> bool:
    """Whether a cell holds nothing but white space, dashes, strokes."""
    return _BLANK.fullmatch(text) is not None


@lru_cache(maxsize=8192)
def number(text: str) -> float | None:
    """The number of a credit or hour cell: ``48``, ``6（8）``, ``16*3``, ``2+1``, ``64*``, ``48学时``; else None.

    What stands in brackets behind a number is an alternative or a remark; weeks (``1w``) are no such number.
    """
    plain = flat(text)
    if match := _NUMBER.fullmatch(plain):
        return float(match[1])
    if match := _PRODUCT.fullmatch(plain):
        return float(match[1]) * float(match[2])
    if _SUM.fullmatch(plain):
        return sum(float(value) for value in _ADDENDS.findall(plain))
    return None


def pair(text: str) -> tuple[float, float] | None:
    """The two numbers of ``3/48``; None for anything else."""
    match = _PAIR.fullmatch(flat(text))
    return (float(match[1]), float(match[2])) if match else None


def credits_beside_weeks(text: str) -> tuple[float, float] | None:
    """Credits and weeks of ``4/4周``; None for anything else."""
    match = _PAIR_WEEKS.fullmatch(flat(text))
    return (float(match[1]), float(match[2])) if match else None


@lru_cache(maxsize=8192)
def weeks(text: str) -> float | None:
    """The weeks of a cell that states weeks: ``8W``, ``2周``, ``1w``, ``18周*26``; None for anything else."""
    match = _WEEKS.fullmatch(flat(text))
    return float(match[1]) if match else None


def weeks_inside(text: str) -> float | None:
    """The first number of weeks in a text: 16 in ``1（16w）``, None without one."""
    match = _WEEKS_INSIDE.search(flat(text))
    return float(match[1]) if match else None


@lru_cache(maxsize=8192)
def semester_value(text: str) -> SemesterValue | None:
    """What a cell of a semester column says; None for one that says nothing of it (blank, a sentence).

    ``2+1`` is a sum, ``4+4/期`` hours of the semester, ``8W`` weeks, ``4/14W`` and ``16*3`` hours (weekly hours x
    weeks), ``√`` a mark without number, ``（2/14W）`` in brackets an alternative to another semester.
    """
    plain = flat(text)
    if not plain or is_blank(plain):
        return None
    optional = _BRACKET_ALL.fullmatch(plain) is not None
    inner = plain[1:-1] if optional else plain
    if _MARK.fullmatch(inner):
        return SemesterValue(None, None, optional)
    if _PER_SEMESTER.fullmatch(inner):
        return SemesterValue(sum(map(float, _ADDENDS.findall(inner))), "hours", optional)
    if match := _WEEKLY_TIMES.fullmatch(inner) or _PRODUCT.fullmatch(inner):
        return SemesterValue(float(match[1]) * float(match[2]), "hours", optional)
    if (match := _WEEKS_TIMES.fullmatch(inner)) and float(match[2]) < 16:
        return SemesterValue(float(match[1]) * float(match[2]), "hours", optional)
    if match := _WEEKS.fullmatch(inner) or _WEEKS_TIMES.fullmatch(inner):
        return SemesterValue(float(match[1]), "weeks", optional)
    if (value := number(inner)) is not None:
        return SemesterValue(value, None, optional)
    if _DAYS.fullmatch(inner) or (len(inner) <= 6 and re.search(r"讲座|排课|线上|网课|网络|集中|实习|实训", inner)):
        return SemesterValue(None, "text", optional)
    return _odd_value(inner, optional)


def _odd_value(plain: str, optional: bool) -> SemesterValue | None:
    """Mixed cells: ``4+1w`` (the weekly hours count), ``3/48`` (the second is hours)."""
    if match := re.fullmatch(rf"{_N}\+{_N}(?:周|[wW])", plain):
        return SemesterValue(float(match[1]), None, optional)
    if both := pair(plain):
        return SemesterValue(both[1], "hours" if both[1] > 4 * both[0] else None, optional)
    if match := re.match(rf"{_N}(?:\(|\[|,|，)", plain):
        return SemesterValue(float(match[1]), None, optional)
    return None


def ordinal(text: str) -> int | None:
    """The number that a text is: ``3``, ``三``, ``Ⅲ``, ``第三``, ``III``; None for anything else."""
    plain = flat(text).removeprefix("第")
    if plain.isascii() and plain.isdigit():
        return int(plain)
    roman = {"I": 1, "II": 2, "III": 3, "IV": 4, "V": 5, "VI": 6, "VII": 7, "VIII": 8}
    return _CHINESE.get(plain) or _ROMAN.get(plain) or roman.get(plain)


_SEMESTER_PART = re.compile(
    r"(?P<year>[1-5一二三四五])(?:学年|年级|年)?[·.\-]?(?P<half>[上下秋春夏])|(?P<number>10|[1-9一二三四五六七八九十Ⅰ-Ⅹ]+)"
)
_RANGE = re.compile(r"([1-9一二三四五六七八])[-–—~～至到]([1-9一二三四五六七八])")
_HALVES = {"上": 1, "秋": 1, "下": 2, "春": 2, "夏": 2}


def semester_numbers(text: str) -> tuple[str, ...]:
    """The semesters that a cell of a column 开课学期 names: ``1``, ``1-4``, ``第一、二学期``, ``2春``; () for none."""
    plain = re.sub(r"\(.*?\)", "", flat(text)).replace("第", "").replace("学期", "").replace("期", "")
    if (
        not plain
        or len(plain) > 16
        or re.search(r"\d{3}", plain)
        or re.search(r"[^\d一二三四五六七八九十Ⅰ-Ⅹ上下秋春夏学年级·.,，、;/\-–—~～至到和或S及]", plain)
    ):
        return ()
    if match := _RANGE.fullmatch(plain):
        first, last = ordinal(match[1]), ordinal(match[2])
        return tuple(str(n) for n in range(first, last + 1)) if first and last and first < last <= 12 else ()
    found: dict[str, None] = {}
    for match in _SEMESTER_PART.finditer(plain):
        if match["half"]:
            found[str(((ordinal(match["year"]) or 1) - 1) * 2 + _HALVES[match["half"]])] = None
        else:
            found.update((str(n), None) for n in _numbers(match["number"]) if 1 <= n <= 12)
    return tuple(found)


def _numbers(text: str) -> list[int]:
    """``123`` and ``一二`` are lists of one-digit semesters; ``10`` is one."""
    if (whole := ordinal(text)) is not None and whole <= 12:
        return [whole]
    return [value for value in map(ordinal, text) if value]


def exam_of(text: str) -> Exam:
    """The form of assessment that a cell names, "" for none."""
    plain = flat(text)
    if _EXAM_TEST.search(plain):
        return "考试"
    return "考查" if _EXAM_CHECK.search(plain) else ""


def required_of(text: str) -> bool | None:
    """True for 必修, False for 选修, 限选, 任选, None for a text that says neither."""
    plain = flat(text)
    if _ELECTIVE.search(plain):
        return False
    return True if _REQUIRED.search(plain) else None


def is_kind(text: str) -> bool:
    """Whether a text is a type of lesson: 理论课, 理论+实践课, A类, 理实一体."""
    return _KIND.fullmatch(flat(text)) is not None
