"""What those who run the service are told."""

from __future__ import annotations

from pydantic import BaseModel


class HealthOut(BaseModel):
    """Whether the service is well: ``ok``, or ``unready`` where something that it needs is missing."""

    status: str
    version: str
    database: str
    database_ok: bool
    jobs_ok: bool
    disk_free_bytes: int
