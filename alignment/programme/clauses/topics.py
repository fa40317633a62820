"""What the passages of a plan speak of: teachers, rooms, internship, materials, quality, graduation.

A provision is looked for only where the plan speaks of its topic: what holds of the head of the major is no proof for
part-time teachers, and what is said of the library none for textbooks.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpora.document import Segment

#: Topics by the headings over a passage; the innermost heading that names one decides.
_HEADINGS = (
    ("leader", r"(?:专业|群|学科)(?:群)?(?:带头人|负责人|主任)|带头人"),
    ("part", r"兼职教师|(?:企业|外聘|行业)(?:兼职)?(?:教师|导师)|产业导师"),
    ("full", r"专任教师|骨干教师|校内教师|双师"),
    ("team", r"师资|教师|教学团队|队伍"),
    ("classroom", r"专业教室|多媒体教室|智慧教室|教室"),
    (
        "internship",
        r"(?:校外|顶岗|岗位|跟岗|认识|认知|毕业)实[习训践]|实习(?:基地|单位|条件|场所|管理|环节|要求)|校企合作|校外",
    ),
    ("rooms", r"实[训验][室条基场设中]|实[训验]教学条件|设施|设备|教学条件|办学条件|场所|场地|机房"),
    ("books", r"图书"),
    ("digital", r"数字|网络|信息化|(?:教学|学习|课程)资源"),
    ("material", r"教材|(?:教学|学习|课程)资源"),
    ("graduation", r"毕业"),
    ("quality", r"质量|教学管理|诊断|督导|保障(?:机制|体系)|组织(?:机构|保障)|制度"),
    ("evaluation", r"评价|考核"),
    ("practice", r"实践|实习"),
    ("conditions", r"(?:教学|办学)条件"),
)
#: Topics by the passage's own words.
_WORDS = (
    ("leader", r"(?:专业|群)(?:带头人|负责人)"),
    ("part", r"兼职教师|(?:企业|外聘|行业)(?:兼职)?(?:教师|导师)|产业(?:导师|教授)|兼职"),
    ("full", r"专任教师|骨干教师|(?:专业|校内|任课)教师|双师型?教师"),
    ("team", r"教师|师资|教学团队|教学队伍"),
    ("classroom", r"教室"),
    ("internship", r"实习|校外实训|实训基地.{0,6}家|三方协议"),
    ("rooms", r"实训(?:室|中心|场所|基地|设备|条件)|实验(?:室|中心)|机房|工作室"),
    ("books", r"图书|馆藏|藏书|期刊|文献"),
    ("digital", r"资源库|在线(?:开放)?课程|微课|慕课|课件|教学平台|数字(?:化)?(?:资源|教材)|网络课程|精品课"),
    ("material", r"教材"),
    ("graduation", r"毕业(?:要求|资格|证书|条件)|准予毕业|方可毕业"),
    ("quality", r"质量(?:监控|保障|管理)|督导|听课|评教|评学|专业建设委员会|诊断与改进"),
    ("evaluation", r"评价"),
)
#: Headings of several topics at once: 教学设施与教学资源, 教学资源 (materials, books and digital ones).
_WIDE = {"digital": ("digital", "books", "material"), "material": ("material", "books", "digital")}
_GENERAL = re.compile(r"(?:教学|学习|课程)资源")
_TEACHERS = frozenset(("leader", "part", "full"))
#: Where the heading names a topic, the passage's own words name only topics of the same group.
_GROUPS = (
    frozenset(("leader", "part", "full", "team")),
    frozenset(("classroom", "rooms", "internship", "practice")),
    frozenset(("books", "digital", "material")),
    frozenset(("quality", "evaluation", "graduation")),
)
#: A chapter on the conditions of teaching speaks of rooms and of materials, as the standard's own does.
_OF_CONDITIONS = _GROUPS[1] | _GROUPS[2]
#: What is said of the school's own rooms is not said of places of internship.
_INSIDE = re.compile(r"校内(?!外)")
_OUTSIDE = re.compile(r"校外|实习")


def _compiled(patterns: Sequence[tuple[str, str]]) -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((name, re.compile(pattern)) for name, pattern in patterns)


_BY_HEADING, _BY_WORDS = _compiled(_HEADINGS), _compiled(_WORDS)


def topics_of(segments: Sequence[Segment]) -> list[frozenset[str]]:
    """The topics of each passage, by its headings and its own words.

    A passage of a paragraph that names no teachers of its own speaks of those that the passage before it names.
    """
    found: list[frozenset[str]] = []
    cache: dict[tuple[str, ...], frozenset[str]] = {}
    before: tuple[int, frozenset[str]] = (-1, frozenset())
    for segment in segments:
        path = segment.heading_path
        if path not in cache:
            cache[path] = _of_headings(path)
        headed = cache[path]
        own = _of_words(segment.text, headed)
        paragraph = segment.locators[0].paragraph
        if own & _TEACHERS:
            own, headed = own, headed - _TEACHERS
        elif before[0] == paragraph and before[1] and "team" in own | headed | before[1]:
            own, headed = own | before[1], headed - _TEACHERS
        carried = own & _TEACHERS
        before = (paragraph, carried | {"team"} if carried else frozenset())
        found.append(own | headed)
    return found


def _of_words(text: str, headed: frozenset[str]) -> frozenset[str]:
    """Topics that a passage's own words name, within the groups of those that its headings name."""
    own = frozenset(name for name, words in _BY_WORDS if words.search(text))
    if _INSIDE.search(text) and not _OUTSIDE.search(text):
        own -= {"internship"}
    allowed = frozenset().union(*(group for group in _GROUPS if group & headed))
    if "conditions" in headed:
        allowed |= _OF_CONDITIONS
    return own & allowed if headed else own


def _of_headings(path: Sequence[str]) -> frozenset[str]:
    """Topics of the innermost heading that names one."""
    for heading in reversed(path):
        names = [name for name, words in _BY_HEADING if words.search(heading)]
        if not names:
            continue
        if _GENERAL.search(heading):
            names += _WIDE["digital"]
        if set(names) & _TEACHERS:
            names.append("team")
        return frozenset(names)
    return frozenset()
