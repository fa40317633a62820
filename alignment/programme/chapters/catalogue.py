"""The official catalogue of majors (职业教育专业目录): which edition a code is of, and the codes in force.

Codes of 高职专科 begin with 41-59 in the catalogue of 2021 and with 51-69 in that of 2015; the fields of study
(专业大类) kept their order, so that a field's code of 2021 is that of 2015 less ten.
"""

from __future__ import annotations

import re
from typing import Literal

Edition = Literal[2015, 2021]

#: Fields of study in the order of their codes, from 41 (2021) and from 51 (2015).
FIELDS = (
    ("农林牧渔", "农林"),
    ("资源环境与安全", "资源环境"),
    ("能源动力与材料", "能源动力"),
    ("土木建筑", "土木"),
    ("水利", "水利"),
    ("装备制造", "装备"),
    ("生物与化工", "化工"),
    ("轻工纺织", "轻工"),
    ("食品药品与粮食", "食品药品"),
    ("交通运输", "交通"),
    ("电子信息", "电子信息"),
    ("医药卫生", "医药"),
    ("财经商贸", "财经"),
    ("旅游", "旅游"),
    ("文化艺术", "文化艺术"),
    ("新闻传播", "新闻"),
    ("教育与体育", "教育"),
    ("公安与司法", "公安"),
    ("公共管理与服务", "公共管理"),
)
_FIRST: dict[Edition, int] = {2021: 41, 2015: 51}
_LAST_OF_2021 = 59

#: Majors of 财经商贸大类 in the catalogue of 2021, by name.
CODES = {
    "财税大数据应用": "530101",
    "资产评估与管理": "530102",
    "政府采购管理": "530103",
    "金融服务与管理": "530201",
    "金融科技应用": "530202",
    "保险实务": "530203",
    "信用管理": "530204",
    "财富管理": "530205",
    "证券实务": "530206",
    "国际金融": "530207",
    "农村金融": "530208",
    "大数据与财务管理": "530301",
    "大数据与会计": "530302",
    "大数据与审计": "530303",
    "会计信息管理": "530304",
    "统计与大数据分析": "530401",
    "统计与会计核算": "530402",
    "市场调查与统计分析": "530403",
    "国际经济与贸易": "530501",
    "国际商务": "530502",
    "关务与外贸服务": "530503",
    "服务外包": "530504",
    "国际文化贸易": "530505",
    "工商企业管理": "530601",
    "连锁经营与管理": "530602",
    "商务管理": "530603",
    "中小企业创业与经营": "530604",
    "市场营销": "530605",
    "电子商务": "530701",
    "跨境电子商务": "530702",
    "移动商务": "530703",
    "网络营销与直播电商": "530704",
    "农村电子商务": "530705",
    "商务数据分析与应用": "530706",
    "物流工程技术": "530801",
    "现代物流管理": "530802",
    "航空物流管理": "530803",
    "铁路物流管理": "530804",
    "冷链物流技术与管理": "530805",
    "港口物流管理": "530806",
    "工程物流管理": "530807",
    "采购与供应管理": "530808",
    "智能物流技术": "530809",
    "供应链运营": "530810",
}
_YEAR = re.compile(r"20\d\d")


def field_code(name: str, edition: Edition = 2021) -> str:
    """Two-digit code of the field of study that a text names, "" where it names none."""
    for number, words in enumerate(FIELDS):
        if any(word in name for word in words):
            return str(_FIRST[edition] + number)
    return ""


def edition_of(code: str, field: str = "", grade: str = "") -> Edition | None:
    """The catalogue that a major's code is of, None where that cannot be told.

    Parameters
    ----------
    code : six digits.
    field : the field of study that the plan names (财经商贸大类), which decides for codes that both catalogues use.
    grade : the year of entry, which decides where the field is not named: students entered by the catalogue of 2021
        from that year on.
    """
    if not re.match(r"\d{6}", code):
        return None
    head = int(code[:2])
    if head < _FIRST[2015]:
        return 2021 if head >= _FIRST[2021] else None
    if head > _LAST_OF_2021:
        return 2015 if head < _FIRST[2015] + len(FIELDS) else None
    for edition in _FIRST:
        if field and field_code(field, edition) == str(head):
            return edition
    year = _YEAR.search(grade)
    return None if not year else 2021 if int(year[0]) >= 2021 else 2015


def current_code(name: str) -> str:
    """The code in force of a major, "" where this list does not hold it."""
    return CODES.get(re.sub(r"专业$|[\s（(].*", "", name.strip()), "")
