"""Numbers, sizes and times as a page shows them."""

from __future__ import annotations

from datetime import datetime

from api.i18n import Language


def number(value: float) -> str:
    """A count or figure with thousands apart: 12,345."""
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.2f}".rstrip("0")


def percent(ratio: float | None) -> str:
    """A ratio as whole percent; neither 0 nor 100 where it is not exactly that."""
    if ratio is None:
        return "—"
    whole = round(ratio * 100)
    return f"{min(max(whole, 1), 99) if 0 < ratio < 1 else whole}%"


def size(count: int) -> str:
    """Bytes in the unit that reads best."""
    value = float(count)
    for unit in ("B", "KB", "MB"):
        if value < 1024:
            return f"{value:.0f} {unit}" if unit == "B" or value >= 10 else f"{value:.1f} {unit}"
        value /= 1024
    return f"{value:.1f} GB"


def moment(value: datetime | None, lang: Language = "zh") -> str:
    """A time of the store in the server's time zone, to the minute."""
    if value is None:
        return "—"
    local = value.astimezone()
    return f"{local:%Y-%m-%d %H:%M}" if lang == "en" else f"{local.year}年{local.month}月{local.day}日 {local:%H:%M}"


def duration(seconds: float, lang: Language = "zh") -> str:
    """Seconds, or minutes and seconds."""
    minutes, rest = divmod(round(seconds), 60)
    if lang == "en":
        return f"{minutes} min {rest} s" if minutes else f"{rest} s"
    return f"{minutes} 分 {rest} 秒" if minutes else f"{rest} 秒"
