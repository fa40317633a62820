"""What the models of the JSON report share: the base, bounded numbers, places and quotes."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from alignment.model import Evidence
from corpora.document import Locator


def unit(value: float) -> float:
    """A ratio rounded to four digits and held to 0..1."""
    return round(min(max(float(value), 0.0), 1.0), 4)


def number(value: Any) -> Any:
    """A number rounded to four digits; None for one that is not finite; anything else as it is."""
    if isinstance(value, float):
        return round(value, 4) if math.isfinite(value) else None
    return value


def plain(value: Any) -> Any:
    """A value of any shape with its numbers rounded, as JSON can hold it."""
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(item) for item in value]
    return number(value)


Unit = Annotated[float, Field(ge=0, le=1)]
Count = Annotated[int, Field(ge=0)]
FromOne = Annotated[int, Field(ge=1)]
#: A number that may be unknown; computed ones are rounded.
Number = Annotated[float | None, BeforeValidator(number)]


class Model(BaseModel):
    """Base of all parts: immutable, populated by field name or from an object's attributes of the same names."""

    model_config = ConfigDict(frozen=True, populate_by_name=True, from_attributes=True)


class ErrorOut(Model):
    """A part of the document that could not be read."""

    where: str
    what: str


class LocatorOut(Model):
    """Where a quote stands: numbers for a person (from 1), character offsets for a program (from 0, end exclusive)."""

    page: FromOne | None
    paragraph: FromOne
    table: FromOne | None
    row: FromOne | None
    cell: FromOne | None
    start: Count
    end: Count

    @classmethod
    def from_locator(cls, locator: Locator) -> LocatorOut:
        """From a locator of the document."""
        return cls(**{name: getattr(locator, name) for name in cls.model_fields})


class EvidenceOut(Model):
    """A verbatim quote with its place."""

    quote: str
    locator: LocatorOut
    heading_path: list[str]
    similarity: Unit

    @model_validator(mode="before")
    @classmethod
    def _held(cls, value: Any) -> Any:
        """Computed similarities may leave 0..1 by rounding; those that are read may not."""
        if isinstance(value, Evidence):
            return {
                "quote": value.quote,
                "locator": LocatorOut.from_locator(value.locator),
                "heading_path": list(value.heading_path),
                "similarity": unit(value.similarity),
            }
        return value

    @classmethod
    def from_evidence(cls, evidence: Evidence) -> EvidenceOut:
        """From a piece of evidence."""
        return cls.model_validate(evidence)


def evidence_list(items: Iterable[Evidence]) -> list[EvidenceOut]:
    """The JSON form of several quotes."""
    return [EvidenceOut.from_evidence(item) for item in items]
