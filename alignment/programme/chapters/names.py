"""What schools call the chapters of a programme plan.

The list follows the ministry's outline of a 人才培养方案 (教职成〔2019〕13 号 and its 参考格式).
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Expected:
    """One expected chapter: its title, what schools call it, and the chapter that it usually is a part of."""

    title: str
    names: re.Pattern[str]
    parent: str = ""


def _expected(title: str, *names: str, parent: str = "") -> Expected:
    return Expected(title, re.compile("|".join(names)), parent)


SUPPORT = "实施保障"
PROCESS = "教学进程总体安排"

CHAPTERS: tuple[Expected, ...] = (
    _expected(
        "专业名称及代码",
        r"专业群?(?:及?[^，。]{0,6})?(?:名称|代码)(?:[及与和、（(]*(?:专业)?(?:名称|代码))?",
        r"专业基本(?:信息|情况)",
    ),
    _expected(
        "入学要求",
        r"入学(?:基本)?(?:要求|条件|资格)",
        r"招生(?:对象|要求|类型|条件)",
        r"生源(?:类型|要求)",
        r"招收对象|教育对象",
    ),
    _expected("修业年限", r"(?:基本)?(?:修业|学习|修读)(?:基本)?年限", r"学制"),
    _expected(
        "职业面向",
        r"(?:职业|就业|岗位|服务)(?:岗位|领域|岗位群)*[及与和]?(?:岗位)?面向",
        r"面向(?:的)?(?:职业|岗位|行业)",
        r"(?:就业|职业)(?:方向|范围|岗位群?|领域)",
    ),
    _expected(
        "培养目标与培养规格",
        r"(?:人才|专业|总体)*培养(?:目标|规格|要求)(?:[及与和、](?:人才|培养)*(?:规格|要求|目标))?",
        r"人才规格|业务规格",
    ),
    _expected(
        "课程设置及要求",
        r"(?:专业|群|主要|主干|核心|模块化)*课程(?:体系|设置|结构|设计|构成|方案)"
        r"(?:[及与和、](?:教学)?(?:要求|设置|描述|构成|安排|核心课程|设计))?",
        r"主要课程|主干课程",
        r"课程(?:简介|描述|介绍|说明)",
    ),
    _expected(
        PROCESS,
        r"(?:指导性)?教学(?:进程|进度|计划|活动|环节时间|环节分配|时间)(?:总体|整体)?(?:及?课程)?"
        r"(?:进程|进度|安排|分配|计划)*(?:总体)?(?:安排)?(?:一览)?表?",
        r"课程(?:设置)?[及与和]?教学(?:计划|进程|进度)(?:安排)?表?",
        r"进程(?:总体)?安排|学期(?:教学)?安排",
    ),
    _expected(
        "学时学分分配",
        r"(?:各类?课程|课程)?(?:模块)?(?:总)?(?:学时|课时|学分)数?(?:[、及与和]?(?:学时|课时|学分)数?)?"
        r"(?:分配|比例|统计|结构|构成|安排|汇总|一览)",
        r"(?:总?学时|总?学分)[、及与和](?:总?学时|总?学分)",
        r"计划学分",
        r"(?:实践|理论)教学[及与和](?:理论|实践)教学(?:统计|比例|分配|学时)",
        parent=PROCESS,
    ),
    _expected(
        SUPPORT,
        r"(?:方案)?实施(?:的)?(?:保障|条件|建议)",
        r"保障(?:措施|条件|体系|机制)",
        r"(?:专业)?办学(?:基本)?条件|教学(?:基本)?保障",
    ),
    _expected(
        "师资队伍",
        r"师资(?:队伍|条件|配备|力量|要求|保障)?",
        r"(?:专业)?教师(?:队伍|条件|配备|团队|要求)|(?:专业)?教学团队",
        parent=SUPPORT,
    ),
    _expected(
        "教学设施",
        r"(?:实践|专业)?教学(?:基本)?(?:设施|设备|场所|条件)",
        r"(?:校内外?|校外)?(?:实训|实验|实习|实践)(?:实训|教学)?(?:条件|基地|室|设施|场所|设备)",
        r"设施设备",
        parent=SUPPORT,
    ),
    _expected(
        "教学资源",
        r"(?:课程|教材|图书)?(?:教学|学习|课程)(?:教学)?资源",
        r"(?:数字化?|信息化|图书)资源",
        r"教材(?:建设|选用|及图书)|图书(?:文献|资料)",
        parent=SUPPORT,
    ),
    _expected("教学方法", r"教学(?:方法|模式|手段|组织|改革|策略|建议|实施)|教法", parent=SUPPORT),
    _expected(
        "学习评价",
        r"(?:学习|教学|学业|课程|多元)(?:考核)?(?:[及与和]?考核)?评价",
        r"(?:学习|教学|课程|学业|成绩)(?:考核|评定)",
        r"考核(?:方式|评价|办法|要求|[及与和]评价)|评价(?:方式|体系|方法)",
        parent=SUPPORT,
    ),
    _expected(
        "质量管理",
        r"(?:教学|人才培养|培养)?质量(?:管理|保障|监控|保证|评价|标准)",
        r"教学(?:质量)?管理|诊断[与和]改进|教学诊改",
        parent=SUPPORT,
    ),
    _expected(
        "毕业要求",
        r"毕业(?:要求|标准|条件|资格|规定|学分|考核|审核|[及与和][^，。]{0,6}(?:要求|条件|证书))",
        r"学位授予",
    ),
    _expected("附录", r"^附\s*[录件表]"),
)

#: Halves of the chapter on aims and specification, with the words that tell each.
AIMS = "培养目标与培养规格"
HALVES = (
    ("培养目标", re.compile(r"目标")),
    ("培养规格", re.compile(r"规格|培养要求|(?:素质|知识|能力)(?:结构)?(?:要求|目标)")),
)

#: Chapters that may consist of one table under its caption, or of a row of a form.
BY_TABLE = frozenset(expected.title for expected in CHAPTERS) - {"附录", "教学方法", "质量管理"}
