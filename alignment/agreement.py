"""How far the shipped judge agrees with reviewers, as it was measured: what every report says of itself."""

from __future__ import annotations

import json
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from corpora.errors import IndexFormatError


@dataclass(frozen=True)
class Agreement:
    """Figures on labelled documents, each judged by models that had not seen it (``python -m eval.fit_judge``).

    Parameters
    ----------
    standard, encoder : code of the standard and fingerprint of the encoder that were measured.
    documents, elements : how many documents, and how many judgments over all of them.
    kappa : quadratic weighted kappa with the labels.
    touched, covered : (precision, recall) of grade >= 1 and of grade 2, each 0..1.
    cited : share of elements graded above 0 on both sides of which one of three quotes overlaps a labelled one.
    """

    standard: str
    encoder: str
    documents: int
    elements: int
    kappa: float
    touched: tuple[float, float]
    covered: tuple[float, float]
    cited: float


def load_agreement(path: Path | None = None) -> Agreement:
    """The shipped figures, or those of another file.

    Raises
    ------
    IndexFormatError : the file is missing or damaged.
    """
    source = path or Path(str(files("alignment") / "data" / "agreement.json"))
    try:
        data = json.loads(source.read_bytes())
        pairs = {name: (float(data[name][0]), float(data[name][1])) for name in ("touched", "covered")}
        return Agreement(**{**data, **pairs})
    except (OSError, ValueError, KeyError, TypeError, IndexError) as error:
        raise IndexFormatError(
            f"一致性数据无法读取（{type(error).__name__}）", where=source.name, advice="请重新安装 duibiao"
        ) from error
