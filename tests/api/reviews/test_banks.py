"""Expression banks in the service: as their file is now."""

from __future__ import annotations

import os
from pathlib import Path

from api.services.banks import bank
from corpora.expressions import Expression
from corpora.standard_json import load_standard, save_standard, standard_files
from tests.service import make_settings


def test_a_bank_is_read_again_when_its_file_changes(tmp_path: Path) -> None:
    """Not before; a standard without a bank has an empty one, as has one that is not there."""
    settings = make_settings(tmp_path)
    save_standard(load_standard("530701"), settings.standards)
    assert (bank(settings, "530701"), bank(settings, "999999")) == ((), ())
    file = standard_files(settings.standards)["530701"].with_name("530701.expressions.jsonl")
    line = '{"element": "C1.R1.e1", "grade": 2, "form": "content", "text": "%s"}\n'
    file.write_text(line % "一种说法", encoding="utf-8")
    first = bank(settings, "530701")
    assert first == (Expression("C1.R1.e1", 2, "content", "一种说法"),)
    assert bank(settings, "530701") is first
    file.write_text(line % "另种说法", encoding="utf-8")
    os.utime(file, ns=(1, 1))
    assert bank(settings, "530701")[0].text == "另种说法"
