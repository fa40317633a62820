"""Passwords: which are taken, and how they are kept (Argon2id)."""

from __future__ import annotations

import secrets
import threading
import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from corpora.errors import UsageError

LEAST, MOST = 10, 256

_WORDS = """
1234567890 12345678910 0123456789 0987654321 1234512345 1122334455 1314520520 5201314520 52013145201314
123456789a a123456789 q123456789 123456789q abc123456789 a1b2c3d4e5 1q2w3e4r5t 1qaz2wsx3edc qwertyuiop
qwertyuiop123 qwerty12345 qwerty123456 asdfghjkl; asdfghjkl123 abcdefghij password12 password123
password1234 password12345 passw0rd123 p@ssw0rd123 admin12345 admin123456 administrator woaini1314
woaini520520 woaini5201314 iloveyou123 iloveyou1234 welcome123 welcome1234 letmein123 teacher123
duibiao123 duibiao123456 duibiao2026 changeme123
"""
#: Long enough and still among the first that anyone tries; compared in lower case.
_COMMON = frozenset(_WORDS.split())
#: Each takes 64 MiB while it runs: more at once would only take turns on the cores.
_SLOTS = threading.BoundedSemaphore(4)


def check_password(password: str, login: str) -> None:
    """Refuse a password that is easily guessed.

    Raises
    ------
    UsageError : it is too short, too long, common, or the login.
    """
    plain = _plain(password)
    advice = f"请用至少 {LEAST} 个字符，例如几个不相干的词"
    if len(plain) < LEAST:
        raise UsageError(f"密码太短，至少 {LEAST} 个字符", advice=advice)
    if len(plain) > MOST:
        raise UsageError(f"密码太长，最多 {MOST} 个字符")
    lowered = plain.lower()
    if lowered in _COMMON or len(set(lowered)) < 4:
        raise UsageError("这个密码太常见，容易被猜到", advice=advice)
    if login and lowered.replace(login.lower(), "", 1).strip("0123456789") == "" and login.lower() in lowered:
        raise UsageError("密码不能是登录名", advice=advice)


def hash_password(password: str) -> str:
    """What is kept of a password."""
    with _SLOTS:
        return _hasher().hash(_plain(password))


def verify_password(kept: str | None, password: str) -> bool:
    """Whether a password is the one kept; takes as long where none is kept, so that time tells no login."""
    try:
        with _SLOTS:
            right = _hasher().verify(kept or _nobody(), _plain(password)[: MOST + 1])
    except (VerificationError, InvalidHashError):
        return False
    return right and kept is not None


def outdated(kept: str) -> bool:
    """Whether a password was kept with other parameters than those of now."""
    return _hasher().check_needs_rehash(kept)


def _plain(password: str) -> str:
    """The same password, however the keyboard composes its letters."""
    return unicodedata.normalize("NFC", password)


@cache
def _hasher() -> PasswordHasher:
    return PasswordHasher()


@cache
def _nobody() -> str:
    """The hash of a password that nobody has."""
    return _hasher().hash(secrets.token_urlsafe(32))
