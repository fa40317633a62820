"""Prints a docx as a born-digital PDF with LibreOffice, its Chinese fonts embedded as subsets."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path


def available() -> bool:
    """Whether LibreOffice is here."""
    return shutil.which("soffice") is not None


def print_pdf(docx: bytes) -> bytes:
    """The PDF's bytes; its text and layout depend on the docx alone, its date and id do not.

    Raises
    ------
    subprocess.CalledProcessError : LibreOffice failed.
    """
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "sample.docx"
        source.write_bytes(docx)
        profile = (Path(folder) / "profile").as_uri()
        command = ["soffice", f"-env:UserInstallation={profile}", "--headless", "--convert-to", "pdf"]
        subprocess.run([*command, "--outdir", folder, str(source)], check=True, capture_output=True, timeout=180)
        return source.with_suffix(".pdf").read_bytes()
