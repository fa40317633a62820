"""Which of the standard's categories a plan's own block labels mean, and whether its courses are compulsory."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from corpora.programme.model import CATEGORY_NAMES, Category
from corpora.programme.schedule.cells import flat, required_of

_PUBLIC_WORD = (
    r"公共|通识|思政|思想政治|马列|公修|文化基础|文化素[质养]|人文素[质养]|综合素[质养]|基本素[质养]|基础素[质养]|职业素[质养]|素质教育|"
    r"素质(?:基础|课|平台|模块)|身心|军体|文化课|大学英语|体育|劳动教育|军事"
)
_ELECTIVE = re.compile(r"任意?选|选修|公选|互选|自选")
_LIMITED = re.compile(r"限(?:定|制)?性?选|限选")
_PUBLIC_ELECTIVE = re.compile(
    r"(?:公共|通识|素质|文化|艺术|美育|人文|全院|全校|学院|学校|校级|院级|^校|^院).{0,8}(?:任意?选|选修|公选)|公选|校选|院选|任意选修"
)
_WIDER = re.compile(r"素质拓展|素质教育拓展|第二课堂|创新创业|双创|课外|非课程")
_PUBLIC = re.compile(_PUBLIC_WORD)
_STANDARD_PUBLIC = re.compile(r"公共基础")
_PRACTICE = re.compile(
    r"实践(?:性)?(?:教学|环节|课|模块|领域|教育|项目|平台|类|$)|(?:综合|集中|岗位|基地|公共|专业|社会|校外|企业|整周).{0,2}实[践习训]|实习|"
    r"(?:综合|专项|集中|岗位|技能|能力)训练|实训(?:课|环节|模块|$)|毕业(?:设计|环节|论文|实习)|军训|集中性|整周"
)
_EXTENSION = re.compile(
    r"拓展|拓宽|扩展|延展|方向|互选|跨(?:学科|专业)|个性|提升|特色|订单|专项|前沿|1\+X|证书|分流|选修模块"
)
_DIRECTION = re.compile(r"方向|分流")
_FOUNDATION = re.compile(
    r"(?:专业|学科|职业|技术|技能|大类|群|岗位|行业).{0,3}基础|基础(?:技能|能力|学习领域)|平台|共享|专业(?:群|大类)?(?:公共|通用|通识)|"
    r"专业先导|入门|基本(?:技能|能力)"
)
_CORE = re.compile(
    r"核心|专业(?:群)?(?:主干|技能|技术|模块|能力|学习|领域|课|必修|教育|$)|职业(?:技能|能力|技术|岗位)|岗位(?:能力|技能|课)|学习领域|模块|技能课|主干|学位课|融合"
)
_PROFESSIONAL = re.compile(r"专业|职业|岗位|技能|技术|核心|行业|模块|方向|学科")
_BRACKETS = re.compile(r"[()（）“”\"《》]")
_BASIC = re.compile(r"基础课程?")
_STANDARD: tuple[tuple[str, Category], ...] = (
    ("公共基础", "public"),
    ("专业基础", "foundation"),
    ("专业核心", "core"),
    ("专业拓展", "extension"),
)
_MILITARY = re.compile(r"军事技能|军训|军事训练|军政训练|入学教育|国防教育与军训")
_INTERNSHIP = re.compile(
    r"(?:岗位|顶岗|跟岗|认识|认知|毕业|生产|企业|综合).{0,2}实[习训]|毕业(?:设计|论文|教育)|军事技能|军训|社会实践|入学教育"
)


@dataclass(frozen=True, slots=True)
class Placed:
    """A category with the reason (Chinese, "" where the plan uses the standard's words) and a second defensible one."""

    category: Category
    note: str = ""
    alt: Category | None = None

    @property
    def wide(self) -> bool:
        """Whether a label of all professional courses (专业课) gave the category."""
        return self.category == "core" and self.alt == "foundation" and bool(self.note)

    def marked_core(self, core: bool) -> Placed:
        """The category in a plan whose professional courses are not split, but core courses marked."""
        if not self.wide:
            return self
        if core:
            return Placed("core", f"{self.note}（表中标为核心课程）")
        return Placed("foundation", "专业课中没有标为核心课程的，按专业基础课计", "core")


def category_of(path: Sequence[str], context: Sequence[str] = (), name: str = "") -> Placed:
    """The category of a course.

    Parameters
    ----------
    path : block labels that its row stands in, outermost first.
    context : headings and titles above the table, nearest first; asked only where the labels say nothing.
    name : the course's name; decides nothing but the second category of military training, and internships that no
        label places.
    """
    placed = _of_path(tuple(path))
    if placed is None:
        placed = next((found for text in context if (found := _of_path((text,)))), None)
    if placed is None and _INTERNSHIP.search(name):
        return Placed("practice", "表中没有写明类别，按名称归入实践性教学环节")
    if placed is None:
        return Placed("other", "表中没有写明课程类别")
    return _with_name(placed, path, name)


def required_by(path: Sequence[str]) -> bool | None:
    """Whether a block is compulsory by its labels, the innermost word deciding; None where none says it."""
    for text in reversed(path):
        both = "必修" in text and required_of(text.replace("必修", "")) is False  # 必修课和选修课
        if not both and (found := required_of(text)) is not None:
            return found
    return None


def is_direction(text: str) -> bool:
    """Whether a label names one of several directions, or the block of them."""
    return _DIRECTION.search(flat(text)) is not None


def means_category(text: str) -> bool:
    """Whether a label means one of the categories by itself."""
    return _of_label(flat(text)) is not None


def names_category(text: str) -> bool:
    """Whether a text says what sort of courses follow, or that they are compulsory or elective."""
    return means_category(text) or required_of(text) is not None


def _with_name(placed: Placed, path: Sequence[str], name: str) -> Placed:
    """Military training stands in the public or in the practice block, either way."""
    if _MILITARY.search(name) and placed.category == "public":
        return Placed("public", placed.note, "practice")
    military = _MILITARY.search(name) or any("公共" in text for text in path)
    if placed.category == "practice" and military and placed.alt is None:
        return Placed("practice", placed.note, "public")
    if placed.wide and _INTERNSHIP.search(name):
        return Placed("practice", f"{placed.note}，其中实习、毕业设计按实践性教学环节计", "core")
    if placed.category in ("core", "foundation") and _INTERNSHIP.search(name):
        return Placed(placed.category, placed.note, placed.alt or "practice")
    return placed


@lru_cache(maxsize=1024)
def _of_path(path: tuple[str, ...]) -> Placed | None:
    """The innermost label that means a category, read together with the labels around it."""
    texts = [flat(text) for text in path]
    found: list[tuple[int, Placed]] = [(n, p) for n, text in enumerate(texts) if (p := _of_label(text)) is not None]
    elective = _bare_elective(texts)
    if not found:
        return Placed("other", f"计划只写“{path[-1]}”，没有写明课程类别", "extension") if elective else None
    at, inner = found[-1]
    outer = found[-2][1] if len(found) > 1 else None
    if outer is not None:
        inner = _within(inner, outer, texts[at], texts[:at])
    if inner.category == "public" and _among_electives(texts[at], texts[:at]):
        inner = Placed("other", inner.note, "public")
    if elective and at < elective:
        inner = _elective_of(inner, texts[elective])
    return inner


def _among_electives(text: str, around: Sequence[str]) -> bool:
    """Whether a public label stands inside a block of electives: 选修课 / 公共拓展课."""
    if _is_standard(text) or any((placed := _of_label(label)) and placed.category == "public" for label in around):
        return False
    return any(_ELECTIVE.search(label) and not _LIMITED.search(label) and "必修" not in label for label in around)


def _bare_elective(texts: Sequence[str]) -> int:
    """Position of a last label that says only 选修, 任选 (0 for none)."""
    for n, text in enumerate(texts):
        if (n or len(texts) == 1) and (_ELECTIVE.search(text) or _LIMITED.search(text)) and _of_label(text) is None:
            return max(n, 1)
    return 0


def _elective_of(placed: Placed, text: str) -> Placed:
    """公共基础课 / 任选: public by its block, a public elective by its own word; 专业课 / 选修: extension."""
    if placed.category == "public" and _ELECTIVE.search(text) and not _LIMITED.search(text):
        return Placed("public", placed.note, "other")
    if placed.category == "core" and placed.note:
        return Placed("extension", f"专业课中的选修（“{text}”）按专业拓展课计", "core")
    return placed


def _within(inner: Placed, outer: Placed, text: str, around: Sequence[str]) -> Placed:
    """A label inside another one that means a category too."""
    if inner.category == "practice" and outer.category == "public":
        return Placed("practice", inner.note, "public")
    if inner.category == "practice" and outer.category in ("foundation", "core", "extension"):
        if any(map(_is_standard, around)):
            return Placed(outer.category, outer.note, "practice")
        # 专业课 / 实践环节: the outer label is wider than one category
        return Placed("practice", inner.note, outer.category)
    if outer.category == "practice" and inner.category != "practice":
        military = "公共" in text or inner.category == "public"
        return Placed("practice", outer.note, "public" if military else inner.category)
    if inner.category == "other" and any(_STANDARD_PUBLIC.search(label) for label in around):
        return Placed("public", outer.note, "other")
    weak = inner.category == "extension" and _DIRECTION.search(text) and not _is_standard(text)
    if weak and outer.category in ("core", "foundation") and any(map(_is_standard, around)):
        return Placed(outer.category, outer.note, "extension")
    if inner.category == "public" and not _is_standard(text) and any(map(_is_standard, around)):
        return Placed(outer.category, outer.note, None if outer.category == "public" else "public")
    named = outer.category == "extension" and inner.category in ("core", "foundation") and not _is_standard(text)
    if named and ("模块" in text or any(_ELECTIVE.search(label) or _LIMITED.search(label) for label in around)):
        return outer  # 专业群任选模块2 / 专业技术模块: the name of one module to choose
    if inner.category == "core" and outer.category in ("extension", "other", "public", "foundation") and inner.note:
        return outer if not _is_standard(text) and "专业" not in text else inner
    return inner


def _is_standard(text: str) -> bool:
    return any(word in text for word, _ in _STANDARD)


@lru_cache(maxsize=1024)
def _of_label(text: str) -> Placed | None:
    """The category that one label means by itself; None for one that means none (外语, 必修, 选修课)."""
    text = _BRACKETS.sub("", text)
    if not text or len(text) > 40:
        return None
    if _BASIC.fullmatch(text):
        return Placed("public", _note(text, "public"), "foundation")
    standard = [category for word, category in _STANDARD if word in text]
    if len(standard) > 1:
        return Placed(standard[0], f"计划把几类课程合写为“{text}”", standard[1])
    if standard:
        return _standard_label(text, standard[0])
    if _PUBLIC_ELECTIVE.search(text) and not _LIMITED.search(text):
        return Placed("other", _note(text, "other"), "public")
    if _PRACTICE.search(text) and not re.search(r"核心|理论", text):
        return Placed(
            "practice", "" if "实践" in text else _note(text, "practice"), "public" if "公共" in text else None
        )
    if _WIDER.search(text):
        return Placed("other", _note(text, "other"), "public")
    if _PUBLIC.search(text) and not re.search(r"专业", text):
        return Placed("public", _note(text, "public"))
    return _professional(text)


def _standard_label(text: str, category: Category) -> Placed:
    """A label with the standard's own word; 公共基础选修 is public, a public elective by its second word."""
    if category == "public" and _ELECTIVE.search(text) and not _LIMITED.search(text) and "必修" not in text:
        return Placed("public", "", "other")
    if category != "public" and _PRACTICE.search(text):
        return Placed(category, "", "practice")
    return Placed(category)


def _professional(text: str) -> Placed | None:
    """Labels of professional courses that do not use the standard's words."""
    elective = _ELECTIVE.search(text) or _LIMITED.search(text)
    if elective and (_PROFESSIONAL.search(text) or _CORE.search(text)):
        return Placed("extension", _note(text, "extension"))
    if _EXTENSION.search(text):
        return Placed("extension", _note(text, "extension"), "core" if _DIRECTION.search(text) else None)
    if _FOUNDATION.search(text):
        return Placed("foundation", _note(text, "foundation"), "core" if "平台" in text or "共享" in text else None)
    if _CORE.search(text):
        narrow = re.search(r"核心|模块|技能|能力|学习领域", text)
        return Placed("core", _note(text, "core"), None if narrow else "foundation")
    return None


def _note(text: str, category: Category) -> str:
    return f"计划写作“{text}”，按{CATEGORY_NAMES[category]}计"
