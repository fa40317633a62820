"""Many new documents from few: sections of the project's own samples, mixed anew, each with examples of its own.

A document is a course standard (课程标准): a title, a table of facts, goals, contents as a schedule or as chapters,
practice, assessment, resources. What stands in them are paragraphs, list items and table rows of the samples (syllabi
and a textbook; whole programme plans are left out), drawn by their role. Two in three of them also name an example that
is this document's own (a town, a product, a channel), so that the passages of a thousand documents are mostly new to
whoever keeps what it has seen, as in real folders; the rest repeats word for word, as in real folders too.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path
from random import Random

from corpora.document import Role
from corpora.errors import UsageError
from corpora.parsers import read_document
from corpora.segments import segment
from eval.bench.office_files import Part, sheet_file, word_file

#: Out of twenty documents so many are Word, Markdown, plain text and Excel files.
_FORMATS = ("docx",) * 11 + ("md",) * 4 + ("txt",) * 3 + ("xlsx",) * 2
_SUFFIXES = (".docx", ".pdf", ".xlsx", ".epub")
_FIELDS = ("网店", "社群", "直播", "跨境店铺", "农产品网销", "短视频", "客户服务", "商品数据", "文旅电商", "家居网销")
_WORKS = ("运营", "营销", "推广", "策划", "管理", "实务")
_TOWNS = (
    "安溪",
    "丹棱",
    "盱眙",
    "东港",
    "砀山",
    "赣县",
    "会泽",
    "灵山",
    "曹县",
    "岐山",
    "文山",
    "仙游",
    "大余",
    "巴里坤",
)
_THINGS = (
    "脐橙",
    "藤编",
    "绿茶",
    "汉服",
    "红薯粉",
    "竹凉席",
    "蓝莓",
    "瓷杯",
    "腊肉",
    "木梳",
    "蜂蜜",
    "棉拖鞋",
    "挂面",
    "灯笼",
)
_CHANNELS = ("小程序店", "直播间", "团购群", "旗舰店", "短视频号", "自提点", "分销店", "会员店")
_EXAMPLES = ("以{}为例", "结合{}", "对照{}", "在{}的项目中", "围绕{}")
_NUMBER = re.compile(r"^\s*(?:[（(]?[\d一二三四五六七八九十]+[）).、．]|第[一二三四五六七八九十]+[章节])\s*")
_CHINESE = "一二三四五六七八九十"

Pools = Mapping[Role, tuple[str, ...]]


def recombine(folder: Path, count: int, seed: int = 0) -> list[Path]:
    """Write documents that are new mixtures of the samples.

    Parameters
    ----------
    folder : where to; made where it is missing, files of the same names are replaced.
    count : how many, >= 1.
    seed : another one gives other documents; document n is the same whatever the count.

    Returns
    -------
    Their paths, in order.

    Raises
    ------
    UsageError : less than one document, or the folder cannot be written.
    """
    if count < 1:
        raise UsageError(f"文档数应至少为 1，实为 {count}")
    pools = sample_pools()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return [_write(folder, number, Random(f"{seed}/{number}"), pools) for number in range(1, count + 1)]
    except OSError as error:
        raise UsageError(f"写不进文件夹（{error.strerror}）", where=str(folder), advice="请检查路径和权限") from error


@cache
def sample_pools() -> Pools:
    """Passages of the samples by their role, without leading numbers; short labels and rows of numbers left out."""
    pools: dict[Role, dict[str, None]] = defaultdict(dict)
    for path in sorted(Path(str(files("corpora") / "samples")).iterdir()):
        if path.suffix not in _SUFFIXES:
            continue
        read = segment(read_document(path))
        if read.kind == "plan":
            continue
        for passage in read.segments:
            text = _NUMBER.sub("", " ".join(passage.text.split()))
            if len(text) >= 8 and not text.replace(" ", "").isdecimal():
                pools[passage.role][text] = None
    return {role: tuple(texts) for role, texts in pools.items()}


def _write(folder: Path, number: int, random: Random, pools: Pools) -> Path:
    course = random.choice(_FIELDS) + random.choice(_WORKS)
    suffix = random.choice(_FORMATS)
    parts = _document(course, random, pools)
    path = folder / f"{number:05d}_{course}_课程标准.{suffix}"
    path.write_bytes(_BYTES[suffix](parts))
    return path


def _document(course: str, random: Random, pools: Pools) -> list[Part]:
    """Title, facts and sections; a document draws between a third and all of what a long one has."""
    size = random.uniform(0.35, 1.0)
    hours = random.choice((32, 48, 56, 64, 72, 96))
    draw = _Drawer(random, pools, size)
    sections = [
        ("课程性质", draw.paragraphs("other", 6)),
        ("课程目标", draw.items("objective", 30)),
        ("教学内容与学时", [Part(rows=draw.schedule(hours))]),
        ("教学内容说明", draw.paragraphs("content", 40)),
        ("实践教学", draw.items("practice", 18)),
        ("考核与评价", draw.items("assessment", 10)),
        ("教学资源", draw.items("resource", 8)),
    ]
    facts = (("课程名称", course, "学时", str(hours)), ("适用专业", "电子商务", "学分", str(hours // 16)))
    parts = [Part(f"《{course}》课程标准", 1), Part(rows=facts)]
    for place, (title, content) in enumerate(sections):
        parts += [Part(f"{_CHINESE[place]}、{title}", 1), *content]
    return parts


class _Drawer:
    """Draws passages of a role without repeating one, and names this document's own examples in most of them."""

    def __init__(self, random: Random, pools: Pools, size: float) -> None:
        self._random, self._size = random, size
        self._left = {role: random.sample(texts, len(texts)) for role, texts in pools.items()}
        self._things = ["".join(map(random.choice, (_TOWNS, _THINGS, _CHANNELS))) for _ in range(6)]

    def texts(self, role: Role, most: int) -> list[str]:
        """Passages of a role, ``size`` times ``most`` where there are as many."""
        left = self._left.get(role, [])
        return [self._own(left.pop()) for _ in range(min(len(left), max(1, round(self._size * most))))]

    def paragraphs(self, role: Role, most: int) -> list[Part]:
        """Passages, one to three of them joined to a paragraph."""
        texts, parts = self.texts(role, most), list[Part]()
        while texts:
            taken = [texts.pop() for _ in range(min(len(texts), self._random.randint(1, 3)))]
            parts.append(Part("。".join(text.rstrip("。；") for text in taken) + "。"))
        return parts

    def items(self, role: Role, most: int) -> list[Part]:
        """Passages as a numbered list."""
        return [Part(f"{number}．{text}") for number, text in enumerate(self.texts(role, most), start=1)]

    def schedule(self, hours: int) -> tuple[tuple[str, ...], ...]:
        """Rows of a table of topics, two hours each, and one of the hours that are left."""
        topics = self.texts("content", hours // 2)
        rows = [("序号", "教学内容", "教学要求", "学时")]
        for number, topic in enumerate(topics, start=1):
            goal = self._random.choice(("了解", "理解", "掌握", "会用"))
            rows.append((str(number), topic, f"{goal}{self._random.choice(self._things)}的做法", "2"))
        rest = hours - 2 * len(topics)
        return (*rows, ("", "机动与复习", "", str(rest)), ("", "合计", "", str(hours)))

    def _own(self, text: str) -> str:
        if self._random.random() > 2 / 3:
            return text
        example = self._random.choice(_EXAMPLES).format(self._random.choice(self._things))
        return f"{example}，{text}"


def _markdown(parts: Sequence[Part]) -> bytes:
    return "\n\n".join(
        _markdown_table(part.rows) if part.rows else f"{'#' * part.level} {part.text}".strip() for part in parts
    ).encode()


def _markdown_table(rows: Sequence[Sequence[str]]) -> str:
    lines = [f"| {' | '.join(text.replace('|', '／') for text in row)} |" for row in rows]
    return "\n".join([lines[0], "|---" * len(rows[0]) + "|", *lines[1:]])


def _plain(parts: Sequence[Part]) -> bytes:
    lines = (line for part in parts for line in (map("　".join, part.rows) if part.rows else (part.text,)))
    return "\n".join(lines).encode()


_BYTES = {"docx": word_file, "md": _markdown, "txt": _plain, "xlsx": sheet_file}
