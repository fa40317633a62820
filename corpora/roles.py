"""Role of a passage: where in a syllabus it stands, from headings and column names and, weaker, from its words."""

from __future__ import annotations

import re
from functools import lru_cache

from corpora.document import Role

_PATTERNS: tuple[tuple[Role, str], ...] = (
    (
        "assessment",
        r"考核|考评|成绩|评分|考试|测验|学业评定|(?:课程|教学|学习|学业|学生|过程性?|终结性|形成性|综合|增值|多元)评价"
        r"|评价(?:方式|标准|方法|体系|主体|内容|要求|项目|与考核|$)",
    ),
    (
        "objective",
        r"(?:课程|教学|学习|知识|能力|技能|素[质养]|思政|情感|态度|价值观?|德育|育人|培养|总体|具体|项目|任务|单元|章节|本章|本节|实训|实验"
        r"|核心|职业|专业|方法|社会|总)目标|^\W*(?:\d+[.、．])?\s*目标\W*$|目标(?:要求|定位)|培养规格|能力要求|素质要求|知识要求|学习成果|预期成果|毕业要求|教学目的|学习目的",
    ),
    (
        "resource",
        r"教材|参考书|参考资料|参考文献|教学条件|师资|教学团队|教师团队|教师要求|设备|设施|场地|学习环境"
        r"|(?:教学|课程|学习|网络|信息化|数字化|参考)资源|资源建设|资源开发|资源库|信息化应用|实训基地|实训室|实验室|软硬件|学习网站",
    ),
    (
        "practice",
        r"(?:项目|任务|案例|情境|情景)?(?:教学|驱动|讨论|讲授|演示|练习)法|教学(?:方法|模式|手段|策略|过程|组织|环节)|实训|实验|(?<!最佳)实践|实操|实施步骤|任务实施|技能训练|能力训练|操作训练|教学活动|活动设计|学习活动|工作任务|训练项目"
        r"|上机|技能点|实习|课堂活动|动手|作业",
    ),
    (
        "content",
        r"教学内容|课程内容|主要内容|学习内容|知识点|知识内容|内容|项目任务|教学任务|学习任务|教学项目|学习项目|工作项目|教学单元"
        r"|教学模块|学习情境|学习情景|课程设计|章节|模块|教学要求|重点|难点|重难点|授课|任务|项目|子项目|单元",
    ),
    (
        "other",
        r"课程性质|课程定位|性质与?任务|性质和任务|前导课程|先修课程|后续课程|前后续|适用专业|适用对象|说明|基本信息|设计思路"
        r"|教学建议|实施建议|课程思政|思政|创新创业|学分|学时|课程概述|课程简介",
    ),
)
_ROLE_WORD = re.compile("|".join(f"(?P<{role}>{pattern})" for role, pattern in _PATTERNS))
_TITLE_START = re.compile(
    r"^\s*(?:第[\d一二三四五六七八九十百]+[章节篇讲课]|(?:项目|任务|模块|单元|情境|学习情境|子任务|实训)\s*[\d一二三四五六七八九十A-Z])"
)
_TRAINING = re.compile(r"^\s*实验|实训|实操|演练|综合训练|上机|实习")
_HOURS = re.compile(r"[（(][^（()）]*[学课]时[^（()）]*[）)]")
_STICKY = ("assessment", "resource")

_TEXT_PRACTICE = re.compile(
    r"完成.{0,12}(?:实训|实验|实操|作业)|分组(?:完成|实施|操作)|实操演练|引导学生(?:完成|进行)|上机操作"
)
_TEXT_OBJECTIVE = re.compile(
    r"(?:使|让|培养|帮助|要求|提升|提高|增强|引导)学生|学生(?:应|需|将)?(?:能够?|具备|掌握|了解)|^(?:能够|能(?!力)|会(?!计|议|员|展)|具备|具有|掌握|了解|熟悉|理解|培养|树立)"
)


@lru_cache(maxsize=4096)
def heading_role(heading: str) -> Role | None:
    """The role that one heading, row label or column name gives; None when it names none.

    The title of a chapter, project or task (项目三 社群活动策划与执行) gives content, whatever words follow, and one of
    a training (实训一 …, 任务5 综合实训) practice. Otherwise the role named last in the heading decides, as the
    head of a Chinese noun phrase stands last (实训考核 is assessment), but a general 内容 or 项目 never outvotes a more
    telling word.
    """
    if _TITLE_START.match(heading):
        return "practice" if _TRAINING.search(heading) else "content"
    found: Role | None = None
    for match in _ROLE_WORD.finditer(_HOURS.sub("", heading)[:40]):
        role: Role = match.lastgroup  # type: ignore[assignment]
        if found in _STICKY or (role == "other" and found) or (role == "content" and found not in (None, "other")):
            continue
        found = role
    return found


@lru_cache(maxsize=8192)
def path_role(headings: tuple[str, ...], labels: tuple[str, ...] = ()) -> Role | None:
    """The role of a place.

    Parameters
    ----------
    headings : headings above it, outermost first.
    labels : row labels, then column names, when in a table.

    Returns
    -------
    The role named by the innermost heading that names one. In a table, what the column's or the row's label names comes
    first, a telling one before a mere 内容, unless the section is about assessment. None when nothing names a role.
    """
    sections = [role for role in map(heading_role, reversed(headings)) if role]
    section = next((role for role in sections if role != "other"), sections[0] if sections else None)
    if section == "assessment":
        return section
    found = [role for role in map(heading_role, reversed(labels)) if role and role != "other"]
    label = next((role for role in found if role != "content"), found[0] if found else None)
    return label or section


def role_of(headings: tuple[str, ...], labels: tuple[str, ...], text: str, *, default: Role = "other") -> Role:
    """The role of a passage from its place and, where that says nothing, from its words.

    Parameters
    ----------
    headings, labels : as for `path_role`.
    text : the passage.
    default : the role when neither says anything (content for a textbook).
    """
    role = path_role(headings, labels)
    if role and role != "other":
        return role
    if _TEXT_PRACTICE.search(text):
        return "practice"
    if _TEXT_OBJECTIVE.search(text):
        return "objective" if role == "other" or default == "other" else default
    return default
