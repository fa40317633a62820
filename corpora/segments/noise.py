"""Lines that teach nothing: tables of contents, signatures, dates, school names, addresses of web pages."""

from __future__ import annotations

import re

_NOISE = re.compile(
    r"目\s*录|contents"
    r"|.{1,60}?(?:[.·．…‥]{3,}|\t+|\s{4,})\s*[-—]?\s*[\dⅠ-Ⅻivx]{1,4}\s*[-—]?"
    r"|(?:制[定订]|编[制写]|执\s*笔|审\s*[核定阅批]|批\s*准|修\s*订|起\s*草|主\s*编|填\s*表|撰\s*写|拟\s*定|负\s*责)"
    r"(?:人|者|部门|单位|教师|时间|日期|院系|依据)?\s*(?:签[名字])?[:：].{0,16}"
    r"|(?:系|教研室|专业|部门|院系|学院|分院|专业主任|系主任|教务处)(?:负责人|主任|意见)?\s*(?:签[名字章])?[:：].{0,20}"
    r"|.{0,12}(?:[12]\d|〇|零|XX|二〇|二○|二零)[\dX〇○零一二三四五六七八九]{2}\s*年\s*[\dX一二三四五六七八九十]{1,3}\s*月(?:\s*[\dX一二三四五六七八九十]{1,3}\s*日)?"
    r"|\d{4}\s*[-/.]\s*\d{1,2}(?:\s*[-/.]\s*\d{1,2})?"
    r"|[\u4e00-\u9fff]{2,16}(?:职业技术|职业|技师|技术|师范|开放)?(?:学院|大学|学校)(?:[\u4e00-\u9fff]{0,10}(?:系|部|教研室|处))?"
    r"|(?:表|图|附[表图件])\s*(?:\d{1,2}(?:[-.．]\d{1,2}){0,2}|[一二三四五六七八九十]{1,2})(?![\d年月分类级])[^。；]{0,40}|附[表图件][:：]?"
    r"|(?:续\s*表|\(续\)|（续）)\s*\d*"
    r"|第\s*\d+\s*页(?:\s*[,，/共].{0,10})?|[-—]\s*\d+\s*[-—]"
    r"|[（(][^（()）]{0,20}(?:稿|级|版|制|年修订|适用)[^（()）]{0,12}[）)]|.{0,6}放假"
    r"|(?:https?://|www\.)\S+",
    re.IGNORECASE,
)
_COVER_FIELD = re.compile(
    r"(?:课程|专业|教材)(?:名称|代码|编码|编号|类别|性质)|编号|学分|适用(?:班级|专业|对象|年级)|开课(?:学期|单位|部门|院系)|授课(?:班级|教师|对象)|"
    r"(?:订|制定|制订)?计划(?:人|教师)|专业主任|系主任|系、?部负责人|任课教师|主讲教师|教研室(?:主任)?|所属?(?:系|院|部门|专业)\w{0,3}|先修课程|学年|学期|班级|姓名"
)
_REPEATED_DATE = re.compile(r"[\d\W年月日第学期至]+")


def is_noise(text: str) -> bool:
    """Whether a whole paragraph or cell line holds nothing to judge."""
    text = text.strip()
    if len(text) > 80:
        return False
    if _NOISE.fullmatch(text) or _REPEATED_DATE.fullmatch(text):
        return True
    name, colon, value = text.replace("：", ":").partition(":")
    return bool(colon) and len(value) <= 40 and _COVER_FIELD.fullmatch("".join(name.split())) is not None
