"""What was understood of a file of standards, kept by its content until the import confirms it or a day has passed."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from api.auth.principal import NotFoundError
from corpora.errors import StandardFormatError, UsageError
from corpora.parsers import read_bytes
from corpora.standard_import import import_json, import_standards
from corpora.standard_json import standard_from_json, standard_to_json
from corpora.standard_parser import ImportedStandard, ImportReport
from corpora.standard_parser.report import Unplaced

#: After how many seconds a preview is forgotten.
KEPT_SECONDS = 24 * 3600

_ID = re.compile(r"[0-9a-f]{64}")
_CODE = re.compile(r"[0-9A-Za-z_-]{0,64}")


@dataclass(frozen=True)
class ImportPreview:
    """What was understood of one file.

    Parameters
    ----------
    id : digest of all of it: the same content has the same id.
    name : of the file.
    standards : the standards it holds, each with the report of its import.
    """

    id: str
    name: str
    standards: tuple[ImportedStandard, ...]


class Previews:
    """Previews in a folder of their own, one file each, named by its digest.

    Parameters
    ----------
    folder : made when the first preview is.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def make(self, name: str, data: bytes, code: str = "") -> ImportPreview:
        """Read a file and keep what was understood.

        Raises
        ------
        DocumentError : the file cannot be read.
        StandardFormatError : it holds no standard.
        UsageError : the code is none, or the folder cannot be written.
        """
        standards = _understand(name, data, code.strip())
        text = json.dumps(
            {"name": name, "standards": [_to_json(item) for item in standards]}, ensure_ascii=False, sort_keys=True
        )
        id = sha256(text.encode()).hexdigest()
        try:
            self._keep(id, text)
        except OSError as error:
            raise UsageError(f"数据文件夹写不进去（{error.strerror}）", advice="请管理员检查数据文件夹") from error
        return ImportPreview(id, name, standards)

    def find(self, id: str) -> ImportPreview:
        """A preview that was made.

        Raises
        ------
        NotFoundError : there is none, or not any more.
        """
        try:
            data = json.loads(self._path(id).read_bytes())
        except (OSError, ValueError) as error:
            raise NotFoundError("没有这次预览，或预览已过期") from error
        return ImportPreview(id, data["name"], tuple(_from_json(item) for item in data["standards"]))

    def _path(self, id: str) -> Path:
        if not _ID.fullmatch(id):
            raise NotFoundError("没有这次预览，或预览已过期")
        return self.folder / f"{id}.json"

    def _keep(self, id: str, text: str) -> None:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for old in self._expired():
            old.unlink(missing_ok=True)
        with NamedTemporaryFile("w", encoding="utf-8", dir=self.folder, delete=False) as draft:
            try:
                draft.write(text)
                draft.flush()
                Path(draft.name).replace(self._path(id))
            except BaseException:
                Path(draft.name).unlink(missing_ok=True)
                raise

    def _expired(self) -> Iterator[Path]:
        limit = time.time() - KEPT_SECONDS
        for path in self.folder.iterdir():
            try:
                if path.stat().st_mtime < limit:
                    yield path
            except FileNotFoundError:
                continue  # another request was first


def _understand(name: str, data: bytes, code: str) -> tuple[ImportedStandard, ...]:
    if not _CODE.fullmatch(code):
        raise UsageError(f"专业代码“{code}”不合规", advice="代码只能用数字和字母，如 530701")
    if name.lower().endswith(".json"):
        return (_with_plain_code(import_json(data, name, code), name),)
    try:
        found = import_standards(read_bytes(name, data), code)
    except StandardFormatError as error:
        advice = error.advice.replace("用 --code 指定", "在“专业代码”一栏填写")
        raise StandardFormatError(error.what, where=error.where or name, advice=advice) from error
    return tuple(_with_plain_code(item, name) for item in found)


def _with_plain_code(item: ImportedStandard, name: str) -> ImportedStandard:
    """The same; a code that could be no file name is refused before anything is kept."""
    if not item.standard.code or not _CODE.fullmatch(item.standard.code):
        what = f"专业代码“{item.standard.code}”不合规"
        raise StandardFormatError(what, where=name, advice="代码只能用数字和字母，如 530701")
    return item


def _to_json(item: ImportedStandard) -> dict[str, Any]:
    return {"standard": standard_to_json(item.standard), "report": asdict(item.report)}


def _from_json(data: dict[str, Any]) -> ImportedStandard:
    report = data["report"]
    return ImportedStandard(
        standard_from_json(data["standard"]),
        ImportReport(
            report["paragraphs"],
            report["cells"],
            report["counts"],
            tuple(Unplaced(**item) for item in report["unplaced"]),
            tuple(report["warnings"]),
        ),
    )
