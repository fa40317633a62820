"""Names under which files leave."""

from __future__ import annotations

from urllib.parse import quote

from api.services.names import clean_name


def attachment(name: str) -> dict[str, str]:
    """Headers that give a download its name (RFC 6266)."""
    disposition = f"attachment; filename*=UTF-8''{quote(clean_name(name), safe='')}"
    return {"Content-Disposition": disposition, "X-Content-Type-Options": "nosniff"}
