"""What the suggestion corpus holds: passages with the place they are quoted from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal, get_args

from corpora.document import DocumentKind, Role
from index.segment_index import Passage

#: Where a passage comes from: a standard's expression bank, the product's own samples, or what the user added.
Origin = Literal["bank", "sample", "user"]
ORIGINS: tuple[Origin, ...] = get_args(Origin)

_ORIGIN_NOTES: dict[str, str] = {"sample": "（内置样例）"}


@dataclass(frozen=True, slots=True)
class Line:
    """One passage of a document, as it is kept.

    Parameters
    ----------
    text : verbatim.
    role : where in a syllabus it stands.
    page : from 1, None where the format has no pages.
    heading_path : headings above it, outermost first.
    """

    text: str
    role: Role = "other"
    page: int | None = None
    heading_path: tuple[str, ...] = ()


@dataclass(frozen=True)
class Record:
    """A document of the corpus: everything that is kept of it.

    Parameters
    ----------
    name : file name; ``sha256`` the digest of its bytes; ``title`` as found in it.
    kind : what it is; ``pages`` None where the format has none.
    aims : whether it states objectives, so that what it only names counts as taught to be applied.
    lines : its passages, each text once.
    unread : how many of its parts could not be read.
    """

    name: str
    sha256: str
    title: str
    kind: DocumentKind
    pages: int | None
    aims: bool
    lines: tuple[Line, ...]
    unread: int = 0

    def exemplars(self, origin: Origin, standard: str = "") -> Iterator[Exemplar]:
        """Its passages as the corpus files them."""
        for number, line in enumerate(self.lines):
            yield Exemplar(origin, standard, self.sha256, number, self.name, self.title, self.aims, line)


@dataclass(frozen=True, slots=True)
class Exemplar:
    """A passage of the corpus.

    Parameters
    ----------
    origin, standard, sha256 : what it is filed under; ``standard`` is a code, "" for none.
    number : of the passage in its document.
    document, title : of the document; see ``Record``.
    aims : see ``Record``.
    line : the passage itself.
    """

    origin: Origin
    standard: str
    sha256: str
    number: int
    document: str
    title: str
    aims: bool
    line: Line

    @property
    def id(self) -> str:
        """Its name in the index."""
        return "/".join((*self.group, str(self.number)))

    @property
    def group(self) -> tuple[str, ...]:
        """What it is filed under in the index."""
        return (self.origin, self.standard, self.sha256)

    @property
    def source(self) -> str:
        """Where it is quoted from, for a reader: ``《网店运营》课程标准 三、教学内容，第 3 页``."""
        title = self.title if "《" in self.title or self.origin == "bank" else f"《{self.title}》"
        chapter = " > ".join(_short(heading) for heading in self.line.heading_path[:2])
        page = f"，第 {self.line.page} 页" if self.line.page is not None else ""
        return f"{title}{_ORIGIN_NOTES.get(self.origin, '')}{' ' if chapter else ''}{chapter}{page}"

    def passage(self) -> Passage:
        """As the index stores it."""
        line = self.line
        metadata = {
            "document": self.document,
            "title": self.title,
            "aims": self.aims,
            "role": line.role,
            "page": line.page,
            "heading_path": list(line.heading_path),
        }
        return Passage(self.id, line.text, self.group, metadata)

    @classmethod
    def of(cls, passage: Passage) -> Exemplar:
        """From what the index stored."""
        data: Any = passage.metadata
        origin, standard, sha256 = passage.group
        line = Line(passage.text, data["role"], data["page"], tuple(data["heading_path"]))
        number = int(passage.id.rpartition("/")[2])
        return cls(origin, standard, sha256, number, data["document"], data["title"], data["aims"], line)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Found:
    """A passage of the corpus with its vector similarity to what was asked, in -1..1."""

    exemplar: Exemplar
    similarity: float


def _short(heading: str, most: int = 24) -> str:
    flat = " ".join(heading.split())
    return flat if len(flat) <= most else f"{flat[: most - 1]}…"
