"""What the API says of standards: lists, the whole content, previews of imports, search."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from api.services.search import SearchHit, SearchResult
from api.services.standard_preview import ImportPreview
from api.services.standards import Installed, StandardCard
from corpora.standard_parser import ImportedStandard


class StandardCardOut(BaseModel):
    """A standard in the list."""

    code: str
    name: str
    title: str
    edition: str
    level: str
    imported: bool = Field(description="Whether it was imported; else it is shipped with the program")
    shipped: bool = Field(description="Whether the program brings a standard of this code")
    counts: dict[str, int] = Field(description="Statements by kind, and element, rule")
    changed: datetime | None = Field(description="When its file was last written")
    problem: str = Field(description="Why its file cannot be read, empty where it can")

    @classmethod
    def of(cls, card: StandardCard) -> StandardCardOut:
        """From the service's card."""
        return cls.model_validate(card, from_attributes=True)


class ElementJson(BaseModel):
    """The smallest teachable piece of a statement."""

    model_config = ConfigDict(extra="allow")
    id: str
    text: str
    key: str
    span: tuple[int, int] = Field(description="Character offsets of key in the statement's text, end exclusive")
    verb: str = ""
    level: int = Field(description="Required level, 1..6")
    affective: bool = False
    note: str = ""


class StatementJson(BaseModel):
    """A numbered item of a standard; fields that a kind of statement does not have are left out."""

    model_config = ConfigDict(extra="allow")
    id: str
    kind: str
    text: str = ""
    section: str = ""
    parent: str | None = None
    title: str = ""
    elements: list[ElementJson] = []


class RuleJson(BaseModel):
    """A machine-checkable provision."""

    model_config = ConfigDict(extra="allow")
    id: str
    type: str
    subject: str = ""
    quantity: str = ""
    operator: str
    value: Any
    strength: Literal["must", "should", "may"]
    text: str = ""
    section: str = ""


class ParagraphJson(BaseModel):
    """One paragraph of a section, with the statements made of it."""

    model_config = ConfigDict(extra="allow")
    text: str
    statements: list[str] = []


class SectionJson(BaseModel):
    """One section of the source, whole."""

    model_config = ConfigDict(extra="allow")
    number: str
    title: str = ""
    paragraphs: list[ParagraphJson] = []
    table: Any = None


class StandardJson(BaseModel):
    """A standard, whole; empty fields are left out."""

    model_config = ConfigDict(extra="allow")
    code: str
    name: str
    title: str = ""
    level: str = ""
    edition: str = ""
    duration_years: float | None = None
    statements: list[StatementJson] = []
    rules: list[RuleJson] = []
    other_rules: list[RuleJson] = []
    sections: list[SectionJson] = []


class UnplacedOut(BaseModel):
    """A stretch of the file that became no statement, fact or heading."""

    section: str
    line: int
    text: str
    reason: str


class UnderstoodOut(BaseModel):
    """What was understood of one standard."""

    code: str
    name: str
    state: Literal["new", "same", "other"] = Field(
        description="new: none of this code is here; same: it is, with this content; other: with other content"
    )
    placed_ratio: float = Field(description="Share of paragraphs and cells that were placed, 0..1")
    counts: dict[str, int]
    warnings: list[str]
    unplaced: list[UnplacedOut]
    standard: StandardJson

    @classmethod
    def of(cls, item: ImportedStandard, state: Literal["new", "same", "other"], content: Any) -> UnderstoodOut:
        """From an import's report; ``content`` is the standard's JSON."""
        return cls(
            code=item.standard.code,
            name=item.standard.name,
            state=state,
            placed_ratio=round(item.report.placed_ratio, 4),
            counts=item.report.counts,
            warnings=list(item.report.warnings),
            unplaced=[UnplacedOut.model_validate(u, from_attributes=True) for u in item.report.unplaced],
            standard=StandardJson.model_validate(content),
        )


class PreviewOut(BaseModel):
    """What was understood of a file; nothing is saved before it is confirmed by its id, within a day."""

    id: str
    name: str
    standards: list[UnderstoodOut]

    @classmethod
    def of(cls, shown: ImportPreview, states: dict[str, Literal["new", "same", "other"]]) -> PreviewOut:
        """From the service's preview and ``standing``."""
        from corpora.standard_json import standard_to_json

        found = [UnderstoodOut.of(i, states[i.standard.code], standard_to_json(i.standard)) for i in shown.standards]
        return cls(id=shown.id, name=shown.name, standards=found)


class ImportIn(BaseModel):
    """Confirms a preview."""

    preview: str = Field(description="The preview's id", min_length=1, max_length=100)
    codes: list[str] = Field(default=[], description="Which of its standards; all when empty", max_length=1000)
    replace: bool = Field(default=False, description="Whether standards with other content may be replaced")


class InstalledOut(BaseModel):
    """A standard that is in place now."""

    code: str
    name: str
    replaced: bool
    bank_aside: str = Field(description="Name of the old expression bank's file where it no longer fits, else empty")

    @classmethod
    def of(cls, installed: Installed) -> InstalledOut:
        """From the service's answer."""
        return cls.model_validate(installed, from_attributes=True)


class PieceOut(BaseModel):
    """A stretch of text; marked where it is one of the words asked for."""

    text: str
    marked: bool


class HitOut(BaseModel):
    """A statement that was found, with its place in the standard."""

    standard: str
    standard_name: str
    statement: str = Field(description="Its id")
    kind: str
    title: str
    text: str
    course: str = Field(description="Title of the core course it belongs to, empty without one")
    section: str
    section_title: str
    similarity: float = Field(description="Of its vector to the question's, -1..1")
    words: float = Field(description="Share of the question's words that it has, 0..1")
    pieces: list[PieceOut]
    page: str = Field(description="Address of the page that shows it")

    @classmethod
    def of(cls, hit: SearchHit) -> HitOut:
        """From the service's hit."""
        return cls(
            **{name: getattr(hit, name) for name in ("standard", "standard_name", "course", "section")},
            **{name: getattr(hit.statement, name) for name in ("kind", "title", "text")},
            statement=hit.statement.id,
            section_title=hit.section_title,
            similarity=hit.similarity,
            words=hit.words,
            pieces=[PieceOut.model_validate(piece, from_attributes=True) for piece in hit.pieces],
            page=f"/standards/{hit.standard}#{hit.statement.id}",
        )


class SearchOut(BaseModel):
    """What was asked, what of it was searched for, and what was found, best first."""

    asked: str
    subject: str
    hits: list[HitOut]

    @classmethod
    def of(cls, found: SearchResult) -> SearchOut:
        """From the service's result."""
        return cls(asked=found.asked, subject=found.subject, hits=[HitOut.of(hit) for hit in found.hits])
