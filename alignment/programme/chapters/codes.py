"""Names and codes of the standard beside those of the plan: major, field, class, industries, occupations."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from alignment.programme.chapters.catalogue import current_code, edition_of, field_code
from alignment.programme.chapters.finder import find_chapters
from alignment.programme.model import CodeFinding
from alignment.programme.quotes import Quoter
from alignment.programme.stretches import body_stretches, within
from corpora.document import Cell, Table
from corpora.programme.model import Programme
from corpora.standard import Coded, Standard

#: What the columns or rows of a 职业面向 table are called.
_FIELD = re.compile(r"专业大类")
_CLASS = re.compile(r"专业(?:小)?类(?!别)|所属专业类|专业类\W|^专业类$")
_INDUSTRY = re.compile(r"行业(?!.*(?:标准|证书))")
_OCCUPATION = re.compile(r"职业类别|职业(?:名称|编码|工种|岗位类别)|对应职业|主要职业|面向职业|^职业(?:[（(].*)?$")
_KINDS = (("field", _FIELD), ("class", _CLASS), ("industry", _INDUSTRY), ("occupation", _OCCUPATION))

_NAME = re.compile(r"专业(?:方向)?名称\s*(?:[:：]|为|\t)\s*(?P<value>[^\s，。；、:：（()）\d]{2,24})")
_CODE = re.compile(r"专业(?:代码|编码)[^\d\n]{0,12}(?P<value>\d{6}[A-Z]?)(?!\d)")
_OCCUPATION_CODE = re.compile(r"(?<![\d-])[1-8]\s*[-－—–]\s*\d{2}(?:\s*[-－—–]\s*\d{2}){0,2}")
#: ``艺术设计大类（65）`` and ``艺术设计类（6501）`` in one cell.
_FIELD_AND_CLASS = re.compile(
    r"\s*(?P<field>\S[^\n]*?大类\s*(?:[（(]\s*\d{2}\s*[)）])?)[\s、，,/；;]+(?P<class>\S.*?类\s*(?:[（(]\s*\d{4}\s*[)）])?)\s*"
)
_DASH = re.compile(r"\s*[-－—–]\s*")
_BRACKET = re.compile(r"[（(\[【]\s*(?P<code>[^）)\]】]*\d[^）)\]】]*)[）)\]】]")
_ASIDE = re.compile(r"[（(\[【].*?[）)\]】]|[\s\d\-－—–.．、:：]")
_MAJOR_ASIDE = re.compile(r"[（(].*?[）)]|专业$|\s")


@dataclass(frozen=True)
class _Stated:
    """One stretch of the plan that states names and codes: its text and its offsets."""

    text: str
    start: int
    end: int


def check_codes(programme: Programme, standard: Standard) -> tuple[CodeFinding, ...]:
    """The standard's names and codes beside the plan's.

    ``agrees`` is None where the plan says nothing of the kind (no industries at all), False where it says something
    else or leaves this one out. What the plan lists beyond the standard comes last, without judgement.
    """
    quoter = Quoter(programme.document)
    stated = _stated(programme)
    name, code = _major(programme)
    field = stated["field"][0].text if stated["field"] else ""
    occupations = standard.occupations
    findings = [_name_finding(quoter, standard, name), _code_finding(quoter, standard, name, code, field, programme)]
    for label, kind, coded in (
        ("所属专业大类", "field", occupations.major_category),
        ("所属专业类", "class", occupations.major_class),
    ):
        if coded is not None:
            findings.append(_branch(quoter, label, coded, stated[kind]))
    for label, kind, expected in (
        ("对应行业", "industry", occupations.industries),
        ("职业类别", "occupation", occupations.occupations),
    ):
        findings += [_listed(quoter, label, coded, stated[kind]) for coded in expected]
        findings += _further(quoter, label, expected, stated[kind])
    return tuple(findings)


def _major(programme: Programme) -> tuple[_Stated | None, _Stated | None]:
    """The major's name and code as the plan states them."""
    found: dict[str, _Stated] = {}
    for kind, pattern in (("catalogue_name", _NAME), ("catalogue_code", _CODE)):
        for fact in programme.facts:
            if fact.kind == kind and not fact.annex and kind not in found:
                text = fact.words or fact.figure.text
                found[kind] = _Stated(text, fact.figure.locator.start, fact.figure.locator.end)
        if kind not in found and (hit := _search(programme, pattern)):
            found[kind] = hit
    given = {"catalogue_name": programme.name, "catalogue_code": programme.code}
    for kind, text in given.items():
        position = programme.document.text.find(text, programme.start) if text else -1
        if kind not in found and position >= 0:
            found[kind] = _Stated(text, position, position + len(text))
    return found.get("catalogue_name"), found.get("catalogue_code")


def _search(programme: Programme, pattern: re.Pattern[str]) -> _Stated | None:
    for start, end in body_stretches(programme):
        if match := pattern.search(programme.document.text, start, end):
            return _Stated(match["value"], *match.span("value"))
    return None


def _stated(programme: Programme) -> dict[str, list[_Stated]]:
    """By kind, the cells of the 职业面向 table, or the sentences of its chapter where it has no table."""
    found: dict[str, list[_Stated]] = {kind: [] for kind, _ in _KINDS}
    stretches = body_stretches(programme)
    tables = sorted(programme.document.tables, key=lambda table: not _is_own(programme, table))
    for table in tables:
        cells = [cell for cell in table.cells if cell.text.strip()]
        if cells and within(stretches, cells[0].start) and sum(bool(_kind_of(c.text)) for c in cells[:40]) >= 2:
            for kind, cell in _table_cells(table):
                for own, stated in _parted(kind, _Stated(cell.text, cell.start, cell.end)):
                    found[own].append(stated)
            if any(found.values()):
                return found
    for kind, stated in _prose(programme):
        found[kind].append(stated)
    return found


def _parted(kind: str, stated: _Stated) -> Iterator[tuple[str, _Stated]]:
    """A cell by itself, or its two halves where a cell of fields names the class of majors too."""
    match = _FIELD_AND_CLASS.fullmatch(stated.text) if kind == "field" else None
    if match is None:
        yield kind, stated
        return
    for own in ("field", "class"):
        yield own, _Stated(match[own], stated.start + match.start(own), stated.start + match.end(own))


def _is_own(programme: Programme, table: Table) -> bool:
    """Whether a table stands in the major's own stretch and not in what several majors share."""
    return bool(table.cells) and programme.start <= table.cells[0].start < programme.end


def _kind_of(label: str) -> str:
    text = "".join(label.split())
    return next((kind for kind, words in _KINDS if len(text) <= 20 and words.search(text)), "")


def _table_cells(table: Table) -> Iterator[tuple[str, Cell]]:
    """(kind, cell) of a table with names over its columns or before its rows."""
    top = [(cell, _kind_of(cell.text)) for cell in table.cells if cell.row == 0]
    if sum(bool(kind) for _, kind in top) >= 2:
        kinds = {column: kind for cell, kind in top for column in range(cell.column, cell.column + cell.column_span)}
        for cell in table.cells:
            if cell.row > 0 and kinds.get(cell.column) and cell.text.strip() and not _kind_of(cell.text):
                yield kinds[cell.column], cell
        return
    for row in range(table.rows):
        kind = ""
        for cell in table.row_cells(row):
            named = _kind_of(cell.text)
            if kind and not named and cell.row == row and cell.text.strip():
                yield kind, cell
            kind = named or kind


def _prose(programme: Programme) -> Iterator[tuple[str, _Stated]]:
    """Sentences of the 职业面向 chapter that name a kind or hold an occupation's code."""
    chapter = next((c for c in find_chapters(programme) if c.title == "职业面向" and c.locator), None)
    if chapter is None or chapter.locator is None:
        return
    text, start = programme.document.text, chapter.locator.end
    for line in re.finditer(r"[^\n。；]+", text[start : start + 1500]):
        if re.match(r"[一二三四五六七八九十]+、", line[0].strip()):
            return
        label, colon, value = line[0].replace(":", "：").partition("：")
        kind = _kind_of(label) if colon else "occupation" if _OCCUPATION_CODE.search(line[0]) else ""
        if kind:
            begin = start + line.end() - len(value) if colon else start + line.start()
            yield kind, _Stated(text[begin : start + line.end()], begin, start + line.end())


def _name_finding(quoter: Quoter, standard: Standard, name: _Stated | None) -> CodeFinding:
    if name is None:
        return CodeFinding("专业名称", standard.name, "", None, note="方案没有写明专业名称")
    agrees = _bare_major(name.text) == _bare_major(standard.name)
    note = "" if agrees else f"方案不是{standard.name}专业，本报告按{standard.code}标准对照"
    return CodeFinding("专业名称", standard.name, name.text, agrees, (quoter.quote(name.start, name.end),), note)


def _bare_major(name: str) -> str:
    return _MAJOR_ASIDE.sub("", name)


def _code_finding(
    quoter: Quoter, standard: Standard, name: _Stated | None, code: _Stated | None, field: str, programme: Programme
) -> CodeFinding:
    if code is None:
        return CodeFinding("专业代码", standard.code, "", None, note="方案没有写明专业代码")
    edition = edition_of(code.text, field, programme.grade)
    same = name is not None and _bare_major(name.text) == _bare_major(standard.name)
    current = standard.code if same else current_code(name.text) if name else ""
    note = ""
    if edition == 2015:
        note = "该代码属 2015 年目录" + (f"，2021 年目录中为 {current}" if current else "，2021 年目录已重新编码")
    elif current and code.text != current:
        note = f"2021 年目录中该专业的代码为 {current}"
    agrees = code.text == standard.code
    return CodeFinding("专业代码", standard.code, code.text, agrees, (quoter.quote(code.start, code.end),), note)


def _branch(quoter: Quoter, label: str, coded: Coded, stated: Sequence[_Stated]) -> CodeFinding:
    """The field or class of majors."""
    expected = _worded(coded)
    if not stated:
        return CodeFinding(label, expected, "", None, note=f"方案没有写明{label}")
    best = next((s for s in stated if _bare(coded.name) in _bare(s.text) or coded.code in s.text), stated[0])
    named = _stem(coded.name) in best.text
    codes = re.findall(r"\d{2,4}", best.text)
    agrees = named and (not codes or coded.code in codes)
    note = "方案没有写代码" if named and not codes else ""
    old = field_code(coded.name, 2015) if len(coded.code) == 2 else field_code(best.text, 2015)
    if codes and coded.code not in codes and old and codes[0].startswith(old):
        note = (
            f"{codes[0]} 是 2015 年目录的代码，现行代码为 {coded.code}" if named else f"{codes[0]} 是 2015 年目录的代码"
        )
    return CodeFinding(label, expected, best.text.strip(), agrees, (quoter.quote(best.start, best.end),), note)


def _stem(name: str) -> str:
    return re.sub(r"大?类$", "", name)


def _worded(coded: Coded) -> str:
    name = coded.reading or coded.name
    return f"{name}（{coded.code}）" if coded.code else name


def _bare(text: str) -> str:
    return _ASIDE.sub("", text).removesuffix("业")


def _listed(quoter: Quoter, label: str, coded: Coded, stated: Sequence[_Stated]) -> CodeFinding:
    """One industry or occupation of the standard among those that the plan lists."""
    expected, label = _worded(coded), f"{label}：{coded.reading or coded.name}"
    if not stated:
        return CodeFinding(label, expected, "", None, note="方案没有写明这一类信息")
    for cell in stated:
        items = list(_items(cell))
        for item in items:
            if _same_name(coded, item.text):
                return _named(quoter, label, expected, coded, item, cell)
        for item in items:
            if coded.code and len(coded.code) > 2 and coded.code in _codes(item.text):
                note = "代码相同，名称写法不同"
                return CodeFinding(label, expected, item.text, True, (quoter.quote(item.start, item.end),), note)
    for cell in stated:
        for item in _items(cell):
            wider = [c for c in _codes(item.text) if len(c) < len(coded.code) and coded.code.startswith(c + "-")]
            if wider:
                note = f"方案只写到上一级 {wider[0]}"
                return CodeFinding(label, expected, item.text, True, (quoter.quote(item.start, item.end),), note)
    return CodeFinding(label, expected, "", False, note="方案没有列出")


def _named(quoter: Quoter, label: str, expected: str, coded: Coded, item: _Stated, cell: _Stated) -> CodeFinding:
    """A listed item of the same name: its code, which may stand behind a whole list of names, must agree."""
    evidence = (quoter.quote(item.start, item.end),)
    codes = _codes(item.text) or (_codes(cell.text) if len(coded.code) == 2 else [])
    if not codes:
        return CodeFinding(label, expected, item.text, True, evidence, "方案没有写代码")
    if coded.code in codes or any(coded.code.startswith(f"{code}-") for code in codes):
        return CodeFinding(label, expected, item.text, True, evidence)
    return CodeFinding(label, expected, item.text, False, evidence, f"代码与标准不同：标准为 {coded.code}")


def _items(stated: _Stated) -> Iterator[_Stated]:
    """The named items of a cell, brackets kept together with the name before them."""
    begin = 0
    depth = 0
    for i, char in enumerate(stated.text + "\n"):
        depth += (char in "（(") - (char in "）)")
        if char in "；;、，,\n。" and (depth <= 0 or char == "\n"):
            piece = stated.text[begin:i]
            lead = len(piece) - len(piece.lstrip())
            if piece.strip():
                start = stated.start + begin + lead
                yield _Stated(piece.strip(), start, start + len(piece.strip()))
            begin, depth = i + 1, 0


def _codes(text: str) -> list[str]:
    """Codes in a text: occupations with single dashes, industries of two digits."""
    occupations = [_DASH.sub("-", match[0]) for match in _OCCUPATION_CODE.finditer(text)]
    return occupations or [
        c for match in _BRACKET.finditer(text) for c in re.findall(r"(?<!\d)\d{2,4}(?!\d)", match[0])
    ]


def _same_name(coded: Coded, text: str) -> bool:
    bare = _bare(text)
    names = {_bare(name) for name in (coded.name, coded.reading) if name}
    return any(
        bare == name or (len(name) >= 3 and bare.endswith(name) and len(bare) <= len(name) + 3) for name in names
    )


def _further(quoter: Quoter, label: str, expected: Iterable[Coded], stated: Sequence[_Stated]) -> Iterator[CodeFinding]:
    """What the plan lists beyond the standard, without judgement."""
    wanted, seen = tuple(expected), set[str]()
    for cell in stated:
        for item in _items(cell):
            codes = _codes(item.text)
            known = any(
                _same_name(c, item.text) or c.code in codes or any(c.code.startswith(f"{code}-") for code in codes)
                for c in wanted
            )
            if not known and _bare(item.text) and _bare(item.text) not in seen:
                seen.add(_bare(item.text))
                evidence = (quoter.quote(item.start, item.end),)
                yield CodeFinding(f"{label}（方案另列）", "", item.text, None, evidence, "标准没有列出")
