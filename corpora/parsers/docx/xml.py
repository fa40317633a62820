"""Names and small look-ups of WordprocessingML."""

from __future__ import annotations

from lxml import etree

Element = etree._Element

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
V = "{urn:schemas-microsoft-com:vml}"
WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
DGM = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}"

Settings = dict[str, Element]

_VAL = f"{W}val"
_NO_SETTINGS: Settings = {}
_OFF = ("0", "false", "off", "none")


def child(element: Element | None, name: str) -> Element | None:
    """The first direct child ``w:name``."""
    return None if element is None else next(element.iterchildren(W + name), None)


def value(element: Element | None, name: str) -> str | None:
    """``w:val`` of the direct child ``w:name``; None when the child or the attribute is missing."""
    found = child(element, name)
    return None if found is None else found.get(_VAL)


def settings(element: Element | None, name: str) -> Settings:
    """The children of a property element such as ``w:pPr``, by their local names; read once, asked often."""
    return settings_of(child(element, name))


def settings_of(properties: Element | None) -> Settings:
    """The children of a property element, by their local names."""
    return _NO_SETTINGS if properties is None else {item.tag.rpartition("}")[2]: item for item in properties}


def setting(of: Settings, name: str) -> str | None:
    """``w:val`` of one setting; None when the setting or the attribute is missing."""
    found = of.get(name)
    return None if found is None else found.get(_VAL)


def number(element: Element | None, name: str) -> int | None:
    """``w:val`` of the direct child ``w:name`` as an integer; None when missing or no number."""
    return as_number(value(element, name))


def as_number(text: str | None) -> int | None:
    """An attribute's integer value; None when there is none."""
    try:
        return int(float(text)) if text else None
    except (ValueError, OverflowError):
        return None


def is_on(element: Element) -> bool:
    """Whether a toggle property such as ``w:b`` is on."""
    return element.get(_VAL, "1").lower() not in _OFF


def chosen_branch(alternate: Element) -> Element | None:
    """The one branch of ``mc:AlternateContent`` to read: the first that holds text, else the first."""
    branches = [b for b in alternate if b.tag in (f"{MC}Choice", f"{MC}Fallback")]
    for branch in branches:
        if next(branch.iter(f"{W}t", f"{A}t", f"{DGM}relIds"), None) is not None:
            return branch
    return branches[0] if branches else None
