"""The expression bank of a standard: how real documents put each of its elements.

A bank is the file ``<code>.expressions.jsonl`` beside the standard's ``<code>.json``: UTF-8, one JSON object a line::

    {"element": "C1.R1.e2", "grade": 2, "form": "content", "text": "标题怎么写才容易被搜到"}

``element`` is the id of an element of the standard; ``grade`` says what a document that holds the text does with it
(2 teaches it, 1 only touches it, 0 comes near and means something else); ``form`` is the kind of place it was written
for; ``text`` is the expression. The same text may stand under several elements, once under each. A line with
``"draft": true`` was written by a program and no person has read it yet: no report uses a bank that has one.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, Literal, get_args

from corpora.errors import StandardFormatError, UsageError
from corpora.standard import Standard
from corpora.standard_json import load_standard, standard_files

ExpressionGrade = Literal[0, 1, 2]
ExpressionForm = Literal["heading", "objective", "content", "practice", "assessment"]

_GRADES, _FORMS = get_args(ExpressionGrade), get_args(ExpressionForm)
_ADVICE = "请改正表达库文件，或删去它"
_READ_FIRST = "请审核后删去行里的 draft，再用 duibiao standard expressions 代码 --install 文件 启用"
_SUFFIX = ".expressions.jsonl"


@dataclass(frozen=True, slots=True)
class Expression:
    """One way to put an element.

    Parameters
    ----------
    element : id of the element.
    grade : 2 teaches it, 1 touches it, 0 is a near miss.
    form : the kind of place it was written for.
    text : the wording.
    """

    element: str
    grade: ExpressionGrade
    form: ExpressionForm
    text: str


def load_expressions(code: str, folder: Path | None = None) -> tuple[Expression, ...]:
    """The expression bank that lies beside a standard, in the file's order; empty when it has none.

    Parameters
    ----------
    code : the standard's code.
    folder : where imported standards are, as for ``load_standard``.

    Raises
    ------
    StandardFormatError : a line is no expression, repeats one, or names an element that the standard does not have.
    """
    source = standard_files(folder).get(code)
    path = source and source.with_name(f"{code}{_SUFFIX}")
    if path is None or not path.is_file():
        return ()
    return read_expressions(path, load_standard(code, folder))


def read_expressions(path: Path, standard: Standard, *, drafts: bool = False) -> tuple[Expression, ...]:
    """The expressions of one file, in its order.

    Parameters
    ----------
    path : a file of the form that the module describes.
    standard : whose elements it speaks of.
    drafts : whether lines that no person has read yet are taken too.

    Raises
    ------
    StandardFormatError : as for ``load_expressions``, or a line is still a draft.
    """
    elements = {element.id for element in standard.elements}
    found: dict[tuple[str, str], Expression] = {}
    for number, line in _lines(path):
        where = f"{path.name} 第 {number} 行"
        expression = _expression(line, where, drafts)
        if expression.element not in elements:
            what = f"标准 {standard.code} 没有能力要素 {expression.element}"
            raise StandardFormatError(what, where=where, advice=_ADVICE)
        if found.setdefault((expression.element, expression.text), expression) is not expression:
            what = f"要素 {expression.element} 的表达“{expression.text}”重复"
            raise StandardFormatError(what, where=where, advice=_ADVICE)
    return tuple(found.values())


def expressions_text(expressions: Iterable[Expression], *, draft: bool = False) -> str:
    """The file form of expressions; ``draft`` marks every line as not read by a person yet."""
    mark = {"draft": True} if draft else {}
    return "".join(json.dumps(asdict(x) | mark, ensure_ascii=False) + "\n" for x in expressions)


def save_expressions(expressions: Iterable[Expression], code: str, folder: Path) -> Path:
    """Write the bank beside an imported standard, in one step: a reader sees the old bank or the new one.

    Parameters
    ----------
    code : of a standard that ``folder`` holds.
    folder : where imported standards are.

    Raises
    ------
    UsageError : the folder holds no such standard; a shipped one keeps the bank it was shipped with.
    """
    if not (folder / f"{code}.json").is_file():
        advice = "内置标准自带表达库，不能替换；其他标准请先用 duibiao standard import 导入"
        raise UsageError(f"没有导入过代码为“{code}”的标准", advice=advice)
    target = folder / f"{code}{_SUFFIX}"
    with NamedTemporaryFile("w", encoding="utf-8", dir=folder, prefix=f".{code}-", delete=False) as aside:
        aside.write(expressions_text(expressions))
    Path(aside.name).replace(target)
    return target


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    """Lines that are not blank, with their numbers from 1."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise StandardFormatError("表达库不是 UTF-8 文本", where=path.name, advice=_ADVICE) from error
    return ((number, line) for number, line in enumerate(text.split("\n"), 1) if line.strip())


def _expression(line: str, where: str, drafts: bool) -> Expression:
    try:
        data: Any = json.loads(line)
        expression = Expression(**{name: data[name] for name in Expression.__slots__})
    except (ValueError, KeyError, TypeError) as error:
        what = f"不是一条表达（应有 element、grade、form、text）：{error}"
        raise StandardFormatError(what, where=where, advice=_ADVICE) from error
    if not isinstance(expression.element, str):
        raise StandardFormatError("不是一条表达：element 应为文字", where=where, advice=_ADVICE)
    grade = expression.grade
    if isinstance(grade, bool) or not isinstance(grade, int) or grade not in _GRADES or expression.form not in _FORMS:
        what = f"grade 应为 {_GRADES} 之一，form 应为 {'、'.join(_FORMS)} 之一，实为 {grade!r}、{expression.form!r}"
        raise StandardFormatError(what, where=where, advice=_ADVICE)
    if not isinstance(expression.text, str) or not expression.text.strip():
        raise StandardFormatError("text 为空", where=where, advice=_ADVICE)
    if data.get("draft") and not drafts:
        raise StandardFormatError("这一行还是草稿，没有人审核过", where=where, advice=_READ_FIRST)
    return expression
