"""What the corpus holds out of the box: passages of our own samples, and the expression banks of the standards at hand.

``alignment/data/exemplars.jsonl`` holds the samples' passages, so that no report has to read the samples;
``python -m alignment.exemplars.shipped`` makes it anew. Programme plans are left out: they list courses and teach none.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

from alignment.exemplars.model import Exemplar, Line, Record
from alignment.exemplars.reading import record_from, record_of, record_text
from corpora.document import Role
from corpora.expressions import Expression, ExpressionForm, load_expressions
from corpora.standard import Standard
from corpora.standard_json import load_standard, standard_files

_ROOT = Path(__file__).resolve().parents[2]
_DATA = _ROOT / "alignment" / "data" / "exemplars.jsonl"
_SAMPLES = _ROOT / "corpora" / "samples"
#: The standard that the samples are of.
_STANDARD = "530701"

#: Where in a syllabus an expression of each form stands.
_ROLES: dict[ExpressionForm, Role] = {
    "heading": "content",
    "objective": "objective",
    "content": "content",
    "practice": "practice",
    "assessment": "assessment",
}


@cache
def sample_records() -> tuple[Record, ...]:
    """The samples' passages as shipped."""
    lines = _DATA.read_text(encoding="utf-8").splitlines()
    return tuple(record_from(line, _DATA.name) for line in lines)


def sample_exemplars() -> Iterator[Exemplar]:
    """The samples' passages as the corpus files them."""
    return (exemplar for record in sample_records() for exemplar in record.exemplars("sample", _STANDARD))


def bank_exemplars(folder: Path | None) -> Iterator[Exemplar]:
    """The expressions that teach an element, of every standard at hand that has a bank.

    Parameters
    ----------
    folder : where imported standards are.

    Raises
    ------
    StandardFormatError : a bank is damaged.
    """
    for code in sorted(standard_files(folder)):
        bank = load_expressions(code, folder)
        if bank:
            yield from _of_bank(load_standard(code, folder), bank)


def _of_bank(standard: Standard, bank: Sequence[Expression]) -> Iterator[Exemplar]:
    texts = {element.id: element for element in standard.elements}
    digest = hashlib.sha256(repr(bank).encode()).hexdigest()
    title = f"{standard.name}（{standard.code}）表达库"
    for number, item in enumerate(bank):
        if item.grade == 2:
            element = texts[item.element]
            path = tuple(filter(None, (standard.course_title(element.statement), f"{item.element} {element.text}")))
            line = Line(item.text, _ROLES[item.form], None, path)
            yield Exemplar(
                "bank", standard.code, digest, number, f"{standard.code}.expressions.jsonl", title, True, line
            )


def read_samples() -> Iterator[Record]:
    """Read the samples themselves: syllabi and textbooks."""
    from corpora.parsers import read_document

    for path in sorted(_SAMPLES.iterdir()):
        if path.suffix in (".docx", ".xlsx", ".pdf", ".epub"):
            record = record_of(read_document(path))
            if record.kind != "plan":
                yield record


if __name__ == "__main__":
    _DATA.write_text("".join(f"{record_text(record)}\n" for record in read_samples()), encoding="utf-8")
