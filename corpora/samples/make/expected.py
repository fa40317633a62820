"""Turns the hand-written labels of a sample into its fixture, in the format of the labelled development set.

A label file is a JSON head, a line ``---``, then one element a line::

    C1.R1.e2 2 objective,content 3 | first verbatim quote | second verbatim quote

A grade written ``1-2`` (or ``0-1``) is open to dispute: the fixture holds the lower one and both under ``disputed``.
"""

from __future__ import annotations

import json
import re
from typing import Any

_LABEL = re.compile(r"(\S+) ([12]|0-1|1-2) (\S+) ([1-6]) \| (.+)")


def expected_json(doc: str, text: str) -> bytes:
    """The fixture's bytes.

    Parameters
    ----------
    doc : the document's file name.
    text : the label file.

    Raises
    ------
    ValueError : a line is no label, or an element is labelled twice or both labelled and absent.
    """
    head, _, body = text.partition("\n---\n")
    settings: dict[str, Any] = json.loads(head)
    labels = [_label(line) for line in body.splitlines() if line.strip()]
    seen: set[str] = set(settings["absent"])
    for label in labels:
        if label["element"] in seen:
            raise ValueError(f"{doc}: {label['element']} twice")
        seen.add(label["element"])
    fixture = {"doc": doc, "standard": "530701", **settings, "labels": labels}
    return (json.dumps(fixture, ensure_ascii=False, indent=1) + "\n").encode()


def _label(line: str) -> dict[str, Any]:
    found = _LABEL.fullmatch(line.strip())
    if not found:
        raise ValueError(f"no label: {line}")
    element, grade, where, level, quotes = found.groups()
    disputed = {"disputed": [int(part) for part in grade.split("-")]} if "-" in grade else {}
    return {
        "element": element,
        "grade": int(grade[0]),
        **disputed,
        "where": where.split(","),
        "doc_level": [int(level)],
        "quotes": [quote.strip() for quote in quotes.split(" | ")],
    }
