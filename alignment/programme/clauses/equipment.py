"""Whether the words on a room name a piece of equipment of the standard."""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.protocols import Encoder

#: Cosine from which two names of software, and of other things, mean the same.
SOFTWARE, THING = 0.55, 0.8

#: Equipment that has many names: what it is called in standards, and what in plans.
_SYNONYMS = tuple(
    (re.compile(asked), re.compile(told))
    for asked, told in (
        (
            r"^(?:多媒体)?计算机$|(?<!平板)电脑$",
            r"(?<!平板)电脑|计算机(?!网络|专业|技术)|(?i:\bPC\b)|图形工作站|工作站|台式机|笔记本",
        ),
        (r"^服务器$", r"服务器"),
        (r"^交换机$", r"交换机"),
        (r"^路由器$", r"路由器"),
        (r"班牌$", r"班牌"),
        (r"机柜$", r"机柜"),
        (r"中控台$", r"中控|多媒体(?:设备|讲台|教学(?:系统|设备|一体机)|一体机)"),
        (r"白板$", r"白板|交互式?(?:平板|一体机|大屏)|触[控摸](?:一体机|屏)|智慧黑板"),
        (r"^移动设备$|手机|平板", r"手机|平板电脑|移动(?:设备|终端)|(?i:\bPAD\b)"),
        (r"灯光", r"灯光|补光灯|摄影灯|直播灯"),
        (r"支架$", r"支架|三脚架|直播架"),
        (r"麦克风$|话筒$", r"麦克风|话筒"),
        (r"背景[幕布]$", r"背景[幕布墙]|绿幕"),
        (r"陈列架$|货架$", r"陈列[架柜台]|货架|展示架|展柜"),
        (r"显示[器屏]$", r"大屏|显示[器屏]|拼接屏|(?i:LED)屏"),
        (r"(?i:3D)\s*扫描", r"(?i:3D)\s*扫描|三维扫描"),
        (r"(?i:3D)\s*打印", r"(?i:3D)\s*打印|三维打印"),
        (r"投影", r"投影"),
        (r"音响", r"音响|音箱|功放"),
        (r"打印机$", r"打印机"),
        (r"相机$|摄像机$", r"相机|摄像机|摄影机|单反"),
    )
)
_SOFT = re.compile(r"软件|系统|平台")
_SPLIT = re.compile(r"[、，,；;。：:\n\t]|以及|等")
#: what stands before a thing in a sentence
_VERB = re.compile(r"^(?:并|另|还|均|已)?(?:安装|装有|配备|配有|配置|配套|购置|引进|采用|拥有|设有|有|含|包括)了?")
_ASIDE = re.compile(r"[\s（）()]+")
#: words that say of software only that it is some
_COMMON = re.compile(r"实训|教学|软件|系统|平台|综合|模拟|虚拟|仿真|与|和|及|管理")


def named_equipment(equipment: Sequence[str], text: str, encoder: Encoder) -> frozenset[str]:
    """Which of a standard room's equipment the words on a plan's room name."""
    items = [_VERB.sub("", item.strip()) for item in _SPLIT.split(text)]
    items = [item for item in items if 1 < len(item) <= 40]
    found = {name for name in equipment if _is_named(name, text)}
    rest = [name for name in equipment if name not in found and not _has_synonyms(name)]
    items = [item for item in items if not any(_is_named(name, item) for name in found)]
    if not items or not rest:
        return frozenset(found)
    vectors = encoder.encode([*rest, *items])
    cosines = vectors[: len(rest)] @ vectors[len(rest) :].T
    for i, item in enumerate(items):  # an item of the plan stands for one piece of equipment only
        closeness = [float(cosine) + _in_common(name, item) for name, cosine in zip(rest, cosines[:, i], strict=True)]
        best = max(range(len(rest)), key=closeness.__getitem__)
        if _is_near(rest[best], item, float(cosines[best, i])):
            found.add(rest[best])
    return frozenset(found)


def _has_synonyms(name: str) -> bool:
    return any(asked.search(name) for asked, _ in _SYNONYMS)


def _is_named(name: str, text: str) -> bool:
    others = [told for asked, told in _SYNONYMS if asked.search(name)]
    if others:
        return any(told.search(text) for told in others)
    return _ASIDE.sub("", name) in _ASIDE.sub("", text)


def _is_near(name: str, item: str, cosine: float) -> bool:
    """Whether one of the plan's items means the same: of software only software, with a telling word in common."""
    soft = _SOFT.search(name) is not None
    if soft != (_SOFT.search(item) is not None):
        return False
    return cosine >= SOFTWARE and _in_common(name, item) > 0 if soft else cosine >= THING


def _in_common(name: str, item: str) -> float:
    """Share of the pairs of characters of the telling words of a name that an item holds."""
    wanted = _telling(name)
    return len(wanted & _telling(item)) / len(wanted) if wanted else 0.0


def _telling(name: str) -> set[str]:
    """Pairs of characters of the words that tell one software from another."""
    words = _COMMON.sub(" ", _ASIDE.sub("", name)).split()
    return {word[i : i + 2] for word in words for i in range(len(word) - 1)}
