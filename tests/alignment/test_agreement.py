"""The shipped figures of agreement with reviewers."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from alignment.agreement import load_agreement
from corpora.errors import IndexFormatError
from index.encoders import load_encoder


def test_shipped_figures_are_of_the_shipped_encoder() -> None:
    """They were measured with the encoder that is shipped, and are shares."""
    found = load_agreement()
    assert found.encoder == load_encoder().fingerprint
    assert found.standard == "530701"
    assert found.documents >= 6
    assert found.elements == 235 * found.documents
    assert all(0.3 < value < 1 for value in (found.kappa, *found.touched, *found.covered, found.cited))


@pytest.mark.parametrize("content", ["", "[]", json.dumps({"standard": "530701"}), json.dumps({"touched": [1]})])
def test_damaged_figures_are_refused(content: str, tmp_path: Path) -> None:
    """With the file's name and what to do."""
    path = tmp_path / "agreement.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(IndexFormatError, match="重新安装"):
        load_agreement(path)
