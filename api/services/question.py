"""What a question is about: 哪条要求提到用户画像？ asks for 用户画像; the other words only ask."""

from __future__ import annotations

import re

_ITEM = r"(?:要求|条款|条目|条文|规定|内容|部分|地方|课程|标准|任务|能力|规格|实训室|项目|项|句话?)"
_COUNT = r"(?:条|项|个|门|处|句|些|间|类)"
_SAYS = r"(?:提到过?|提及|讲到|讲了|说到|说了|谈到|涉及到?|包含|包括|写到|写了|出现|规定了|要求了)"
_WHICH = rf"(?:哪(?:一|几)?{_COUNT}|哪里|哪儿|哪|几{_COUNT}|什么|多少{_COUNT}?)"
_PLACE = r"(?:标准|国标|这部标准|本标准|教学标准|课程|专业)(?:里面?|里边|里头|中|上)"

#: What a question may begin with; something must be left of it.
_HEAD = re.compile(
    r"^(?:请问|(?:我)?想(?:知道|找)|帮我找|查找|搜索|找一下|查一下|关于|有关|对于|对(?=.+有(?:什么|哪些|没有))"
    rf"|{_PLACE}|什么是|(?:有|在|是)?{_WHICH}(?:的)?{_ITEM}?|(?:有没有|是否|都|明确)?{_SAYS}|讲(?=..)|有没有"
    r"|(?:which|what|where)\b.*?\b(?:mentions?|requires?|covers?|says?|about|is|are)\b)(?=\s*\S\s*\S)",
    re.IGNORECASE,
)
#: What a question may end with.
_TAIL = re.compile(
    rf"(?:的|吗|呢|吧|呀|啊|了没有?|有没有|没有|是什么|是哪{_COUNT}?|怎么[说写]|(?:怎么|如何)规定|在(?:哪|什么地方).*"
    rf"|(?:有|是|要)?{_WHICH}{_ITEM}?|(?:的|相关的?|有关的?|方面的?){_ITEM}|{_SAYS}|里面?|中)$"
)
_STRAY = re.compile(r"^[\s？?。！!，,；;：:、“”\"'《》「」]+|[\s？?。！!，,；;：:、“”\"'《》「」~～]+$")


def subject_of(question: str) -> str:
    """The question without the words that only ask; itself where nothing else would be left."""
    rest = _STRAY.sub("", question)
    while True:
        shorter = _STRAY.sub("", _HEAD.sub("", rest, count=1))
        shorter = _STRAY.sub("", _TAIL.sub("", shorter, count=1))
        if len(shorter) < 2 or shorter == rest:
            return rest
        rest = shorter
