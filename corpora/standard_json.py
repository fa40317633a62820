"""The JSON form of a Standard: read, write, and find the shipped ones."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from corpora.errors import StandardFormatError, UnknownStandardError
from corpora.standard import (
    Coded,
    Element,
    Mend,
    Objective,
    Occupations,
    Rule,
    Section,
    SectionParagraph,
    Standard,
    Statement,
    TypicalTask,
)

Json = dict[str, Any]


def load_standard(code: str, folder: Path | None = None) -> Standard:
    """The standard of a code: imported ones in ``folder`` first, then the shipped ones.

    Raises
    ------
    UnknownStandardError : neither place has it.
    StandardFormatError : its file is damaged.
    """
    source = standard_files(folder).get(code)
    if source is None:
        known = "、".join(sorted(standard_files(folder)))
        raise UnknownStandardError(
            f"没有代码为“{code}”的专业教学标准",
            advice=f"现有：{known}。用 duibiao standard import 文件 导入其他专业的标准",
        )
    return standard_from_bytes(source.read_bytes(), where=source.name)


def standard_files(folder: Path | None = None) -> dict[str, Path]:
    """Code -> JSON file of every standard at hand, imported ones over shipped ones."""
    shipped = Path(str(files("corpora") / "standards"))
    found = {path.stem: path for path in sorted(shipped.glob("*.json"))}
    if folder is not None and folder.is_dir():
        found.update({path.stem: path for path in sorted(folder.glob("*.json"))})
    return found


def standard_from_bytes(data: bytes, where: str = "") -> Standard:
    """Decode a standard's JSON file.

    Raises
    ------
    StandardFormatError : it is not JSON, lacks a required field, or an id is used twice.
    """
    try:
        return standard_from_json(json.loads(data, parse_constant=_no_number))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise StandardFormatError(f"标准文件无法读取（{error}）", where=where, advice="请重新导入该标准") from error


def _no_number(text: str) -> float:
    """What Python reads as a number and JSON does not know, such as NaN."""
    raise ValueError(f"{text} is no number")


def save_standard(standard: Standard, folder: Path) -> Path:
    """Write ``<code>.json`` into a folder (made when missing) in one step: a reader sees the old file or the new one.

    Returns
    -------
    The file's path.

    Raises
    ------
    StandardFormatError : the code is no plain code and so no file name.
    """
    if not re.fullmatch(r"[0-9A-Za-z_-]+", standard.code):
        raise StandardFormatError(f"专业代码“{standard.code}”不合规", advice="代码只能用数字和字母，如 530701")
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"{standard.code}.json"
    text = json.dumps(standard_to_json(standard), ensure_ascii=False, indent=1)
    with NamedTemporaryFile("w", encoding="utf-8", dir=folder, prefix=f".{standard.code}-", delete=False) as draft:
        try:
            draft.write(text + "\n")
            draft.flush()
            Path(draft.name).replace(target)
        except BaseException:
            Path(draft.name).unlink(missing_ok=True)
            raise
    return target


def standard_sha256(standard: Standard) -> str:
    """Hex digest of a standard's canonical JSON: changes with any of its content."""
    text = json.dumps(standard_to_json(standard), ensure_ascii=False, sort_keys=True)
    return sha256(text.encode()).hexdigest()


def standard_from_json(data: Json) -> Standard:
    """A Standard from its JSON form; unknown fields are ignored, missing ones are empty."""
    statements = tuple(_statement(item) for item in data.get("statements", ()))
    ids = [s.id for s in statements] + [e.id for s in statements for e in s.elements]
    repeated = sorted({i for i in ids if ids.count(i) > 1}) if len(ids) != len(set(ids)) else []
    if repeated:
        raise ValueError(f"编号重复：{'、'.join(repeated[:5])}")
    return Standard(
        **{key: data[key] for key in ("code", "name")},
        **_some(data, "title", "level", "edition", "education_type", "duration_years", "admission", "source"),
        occupations=_occupations(data.get("occupations", {})),
        overview=data.get("overview", {}).get("text", ""),
        objective=Objective(
            **_some(data.get("objective", {}), "text", "section"),
            **_tuples(data.get("objective", {}), "positions", "work_areas"),
        ),
        statements=statements,
        rules=tuple(_rule(item) for item in data.get("rules", ())),
        other_rules=tuple(_rule(item) for item in data.get("other_rules", ())),
        mends=tuple(
            Mend(
                **{key: item[key] for key in ("id", "kind", "applied")},
                source=item.get("source", ""),
                **_some(item, "reading", "note"),
                **_tuples(item, "lines", "statements"),
            )
            for item in data.get("mends", ())
        ),
        sections=tuple(_section(item) for item in data.get("sections", ())),
    )


def standard_to_json(standard: Standard) -> Json:
    """The JSON form; empty fields are left out, so that it reads back to an equal Standard."""
    occupations = standard.occupations
    return _lean(
        code=standard.code,
        name=standard.name,
        title=standard.title,
        level=standard.level,
        edition=standard.edition,
        education_type=standard.education_type,
        duration_years=standard.duration_years,
        admission=standard.admission,
        source=standard.source,
        occupations=_lean(
            section=occupations.section,
            major_category=_coded_json(occupations.major_category),
            **{"class": _coded_json(occupations.major_class)},
            industries=[_coded_json(c) for c in occupations.industries],
            occupations=[_coded_json(c) for c in occupations.occupations],
            positions=occupations.positions,
            certificates=occupations.certificates,
            mends=occupations.mends,
        ),
        overview={"section": "1", "text": standard.overview},
        objective=_lean(**vars(standard.objective)),
        statements=[_statement_json(s) for s in standard.statements],
        rules=[_slots_json(r) for r in standard.rules],
        other_rules=[_slots_json(r) for r in standard.other_rules],
        mends=[_slots_json(m) for m in standard.mends],
        sections=[
            _lean(
                number=s.number,
                title=s.title,
                line=s.line,
                paragraphs=[_slots_json(p) for p in s.paragraphs],
                table=s.table,
            )
            for s in standard.sections
        ],
    )


def _some(data: Mapping[str, Any], *keys: str) -> Json:
    return {key: data[key] for key in keys if data.get(key) is not None}


def _tuples(data: Mapping[str, Any], *keys: str) -> Json:
    return {key: tuple(data[key]) for key in keys if data.get(key)}


def _statement(item: Json) -> Statement:
    line = item.get("line", item.get("lines", ()))
    return Statement(
        **{key: item[key] for key in ("id", "kind")},
        text=item.get("text", ""),
        **_some(item, "section", "parent", "title", "number", "task_text", "tools_text", "group", "note"),
        **_tuples(item, "aliases", "tools", "mode", "equipment", "courses", "course_refs", "activities"),
        **_tuples(item, "positions", "same_as", "mends"),
        lines=(line,) if isinstance(line, int) else tuple(line or ()),
        typical_tasks=tuple(TypicalTask(**task) for task in item.get("typical_tasks", ())),
        elements=tuple(
            Element(
                **{key: e[key] for key in ("id", "text", "key", "level")},
                verb=e.get("verb", ""),
                **_some(e, "affective", "note"),
                statement=item["id"],
                span=(e["span"][0], e["span"][1]),
            )
            for e in item.get("elements", ())
        ),
    )


def _statement_json(statement: Statement) -> Json:
    elements = [{k: v for k, v in _slots_json(e).items() if k != "statement"} for e in statement.elements]
    tasks = [_slots_json(task) for task in statement.typical_tasks]
    return _lean(**{**vars(statement), "elements": elements, "typical_tasks": tasks})


def _rule(item: Json) -> Rule:
    value = item["value"]
    return Rule(
        **{key: item[key] for key in ("id", "operator", "strength")},
        **{key: item.get(key, "") for key in ("subject", "quantity", "text", "section")},
        **_some(item, "statement", "unit", "note"),
        **_tuples(item, "applies_to"),
        type=item.get("type", "numeric"),
        value=tuple(value) if isinstance(value, list) else value,
    )


def _occupations(data: Json) -> Occupations:
    return Occupations(
        **_some(data, "section"),
        **_tuples(data, "positions", "certificates", "mends"),
        major_category=Coded(**data["major_category"]) if data.get("major_category") else None,
        major_class=Coded(**data["class"]) if data.get("class") else None,
        industries=tuple(Coded(**item) for item in data.get("industries", ())),
        occupations=tuple(Coded(**item) for item in data.get("occupations", ())),
    )


def _section(item: Json) -> Section:
    paragraphs = tuple(
        SectionParagraph(p["text"], p.get("line"), tuple(p.get("statements", ()))) for p in item.get("paragraphs", ())
    )
    return Section(item["number"], item.get("title", ""), item.get("line"), paragraphs, item.get("table"))


def _coded_json(coded: Coded | None) -> Json | None:
    return _slots_json(coded) if coded else None


def _slots_json(value: Any) -> Json:
    return _lean(**{name: getattr(value, name) for name in value.__slots__})


def _lean(**fields: Any) -> Json:
    """Without empty fields; tuples as lists. Zero and False stay."""
    kept = {key: list(v) if isinstance(v, tuple) else v for key, v in fields.items()}
    return {key: value for key, value in kept.items() if value not in (None, "", [], {})}
