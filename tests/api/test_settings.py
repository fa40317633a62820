"""Settings: the environment before the file, every value checked, secrets kept out of sight."""

from __future__ import annotations

from pathlib import Path

import pytest

from api.settings import read_settings
from corpora.errors import UsageError


def with_file(folder: Path, text: str, **environment: str):  # type: ignore[no-untyped-def]
    """Settings of a data folder whose settings file holds a text."""
    (folder / "duibiao.toml").write_text(text, encoding="utf-8")
    return read_settings({"DUIBIAO_DATA": str(folder), **environment})


def test_the_file_fills_in_and_the_environment_decides(tmp_path: Path) -> None:
    """Truths, numbers, lists and texts of the file count where the environment is silent."""
    text = 'auth = true\nworkers = 3\nhosts = ["a.example", "b.example"]\nlog_format = "json"\nllm_model = "m"\n'
    found = with_file(tmp_path, text, DUIBIAO_WORKERS="2")
    service = found.service
    assert (service.auth, service.workers, service.hosts) == (True, 2, ("a.example", "b.example"))
    assert (service.log_format, found.llm.model) == ("json", "m")


def test_another_file_can_be_named(tmp_path: Path) -> None:
    """By DUIBIAO_CONFIG; one that is named must be there."""
    path = tmp_path / "other.toml"
    path.write_text("upload_mb = 7\n")
    assert read_settings({"DUIBIAO_CONFIG": str(path)}).service.upload_mb == 7
    with pytest.raises(UsageError, match="读不出来"):
        read_settings({"DUIBIAO_CONFIG": str(tmp_path / "none.toml")})


@pytest.mark.parametrize(
    ("text", "words"),
    [("colour = 1", "colour"), ("auth = ", "TOML"), ("data = '/x'", "data"), ("upload_mb = 0", "DUIBIAO_UPLOAD_MB")],
)
def test_a_wrong_file_is_named_with_what_is_wrong(tmp_path: Path, text: str, words: str) -> None:
    """Unknown keys, no TOML, a value that cannot be."""
    with pytest.raises(UsageError) as caught:
        with_file(tmp_path, text)
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DUIBIAO_AUTH", "maybe"),
        ("DUIBIAO_WORKERS", "0"),
        ("DUIBIAO_WORKERS", "1.5"),
        ("DUIBIAO_DATABASE", "mysql://a/b"),
        ("DUIBIAO_LOG_FORMAT", "xml"),
        ("DUIBIAO_RETENTION_DAYS", "-1"),
        ("DUIBIAO_OIDC_ISSUER", "provider"),
    ],
)
def test_a_value_that_cannot_be_is_refused(name: str, value: str) -> None:
    """By the variable's name."""
    with pytest.raises(UsageError) as caught:
        read_settings({name: value})
    assert caught.value.where == name


def test_secrets_are_not_shown() -> None:
    """Neither the database's password nor the provider's secret stands in what is printed."""
    found = read_settings({"DUIBIAO_DATABASE": "postgresql://u:pa55@h/d", "DUIBIAO_OIDC_SECRET": "s3cret"})
    assert "pa55" not in repr(found)
    assert "s3cret" not in repr(found)
    assert found.service.database.endswith("@h/d")
