"""Settings, read once from the environment; lower floors receive what they need as arguments."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Settings:
    """What the environment decides.

    Parameters
    ----------
    data : folder of imported standards, stores and caches (``DUIBIAO_DATA``).
    encoder : encoder by name or path, empty for the built-in one (``DUIBIAO_ENCODER``).
    """

    data: Path
    encoder: str = ""

    @property
    def standards(self) -> Path:
        """Folder of imported standards."""
        return self.data / "standards"


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Settings from environment variables; the data folder defaults to the platform's place for user data."""
    environment = os.environ if environment is None else environment
    data = environment.get("DUIBIAO_DATA", "")
    return Settings(
        data=Path(data).expanduser() if data else _user_data(), encoder=environment.get("DUIBIAO_ENCODER", "")
    )


def _user_data() -> Path:
    from platformdirs import user_data_path

    return user_data_path("duibiao", appauthor=False)
