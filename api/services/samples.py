"""The sample documents that come with the program, to try the service with."""

from __future__ import annotations

from pathlib import Path

import corpora
from api.services.incoming import Incoming

_FOLDER = Path(corpora.__file__).with_name("samples")

#: Name in addresses -> files, the document first.
SAMPLES: dict[str, tuple[str, ...]] = {
    "course": ("网店运营_课程标准.docx",),
    "plan": ("直播电商专业_人才培养方案.docx", "直播电商专业_教学进程表.xlsx"),
}


def sample_files(name: str) -> list[Incoming]:
    """The files of a sample as if they were sent; a key of ``SAMPLES``."""
    return [Incoming(file, "main", (_FOLDER / file).read_bytes()) for file in SAMPLES[name]]
