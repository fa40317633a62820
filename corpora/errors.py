"""Errors of the whole application, one root.

::

    DuibiaoError
    ├── UsageError                     the call is wrong (exit code 2)
    │   ├── UnknownStandardError
    │   └── MissingExtraError
    ├── DocumentError                  the input cannot be read (exit code 3)
    │   ├── UnsupportedFormatError
    │   ├── EmptyDocumentError
    │   ├── EncryptedDocumentError
    │   ├── DamagedDocumentError
    │   ├── DocumentTooLargeError
    │   └── ParserLimitError           the parser ran into its memory, CPU or time limit
    ├── StandardFormatError            a file is no standard, or a standard file is inconsistent (exit code 3)
    ├── IndexFormatError               a saved index or model is truncated, foreign or of another version (exit code 3)
    └── LanguageModelError             the optional language model does not answer, or its cache fails (exit code 1)

Each carries, in the user's language (Chinese), ``where`` (file, page, sheet …), ``what`` is wrong and
``advice`` (what to do); ``str(error)`` joins them into one line.
"""

from __future__ import annotations


class DuibiaoError(Exception):
    """Root of all errors that a user should see as one clear line.

    Parameters
    ----------
    what : what is wrong, in Chinese.
    where : the file, page, sheet or setting concerned; empty when there is none.
    advice : what the user can do about it, in Chinese; empty when there is nothing to say.
    """

    exit_code = 1

    def __init__(self, what: str, *, where: str = "", advice: str = "") -> None:
        self.what, self.where, self.advice = what, where, advice
        super().__init__(what, where, advice)

    def __str__(self) -> str:
        head = f"{self.where}：{self.what}" if self.where else self.what
        return f"{head}。{self.advice}" if self.advice else head

    def __reduce__(self):  # type: ignore[no-untyped-def]
        """Pickle with the keyword arguments, so that errors cross the parser's process border whole."""
        return _rebuild, (type(self), self.what, self.where, self.advice)


def _rebuild(kind: type[DuibiaoError], what: str, where: str, advice: str) -> DuibiaoError:
    return kind(what, where=where, advice=advice)


class UsageError(DuibiaoError):
    """The call is wrong: an unknown option value, a missing folder, a contradiction."""

    exit_code = 2


class UnknownStandardError(UsageError):
    """No standard of this code is shipped or imported."""


class MissingExtraError(UsageError):
    """An optional library is needed that is not installed; ``advice`` names the extra."""


class DocumentError(DuibiaoError):
    """The input cannot be read."""

    exit_code = 3


class UnsupportedFormatError(DocumentError):
    """The bytes are of no format that a parser knows, or not of the format that the name claims."""


class EmptyDocumentError(DocumentError):
    """The file has no bytes, or no text in it."""


class EncryptedDocumentError(DocumentError):
    """The file is protected by a password."""


class DamagedDocumentError(DocumentError):
    """The file is truncated or inconsistent."""


class DocumentTooLargeError(DocumentError):
    """The file, or what it would unpack to, exceeds the limits."""


class ParserLimitError(DocumentError):
    """Parsing ran into its memory, CPU or time limit, or its process died."""


class StandardFormatError(DuibiaoError):
    """A file is no teaching standard, or a standard file contradicts itself."""

    exit_code = 3


class IndexFormatError(DuibiaoError):
    """A saved index or model is truncated, foreign, or of another version or encoder."""

    exit_code = 3


class LanguageModelError(DuibiaoError):
    """The optional language model cannot be reached, refuses or reached a limit, or its answers cannot be kept."""
