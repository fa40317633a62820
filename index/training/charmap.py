"""A character map as the ``Precompiled`` normalizer of the tokenizers library: a double-array trie over UTF-8 bytes.

Format (SentencePiece's ``precompiled_charsmap``): length of the trie in bytes (uint32), the trie's units (uint32, as
Darts-clone lays them out), then the replacement strings, each ended by a zero byte. A unit holds its label in bits 0-7,
"has a value" in bit 8 and the offset to its children from bit 10; the unit of a value has bit 31 set.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping

_VALUE = 1 << 31
_HAS_VALUE = 1 << 8
_BLOCK = 256

Node = dict[int, "Node | int"]


def charsmap(mapping: Mapping[str, str]) -> bytes:
    """The blob that replaces each key by its value.

    Parameters
    ----------
    mapping : single characters to strings, none with a zero byte.

    Raises
    ------
    ValueError : the trie is too large for the format's short offsets (over two million units).
    """
    strings, values = bytearray(), {}
    for key, value in sorted(mapping.items()):
        values[key] = len(strings)
        strings += value.encode() + b"\0"
    units = _double_array(_trie(values))
    trie = struct.pack(f"<{len(units)}I", *units)
    return struct.pack("<I", len(trie)) + trie + bytes(strings)


def _trie(values: Mapping[str, int]) -> Node:
    root: Node = {}
    for key, value in values.items():
        node = root
        for byte in key.encode():
            node = node.setdefault(byte, {})  # type: ignore[assignment]
        node[0] = value
    return root


def _double_array(root: Node) -> list[int]:
    units, used, bases, first = [0] * _BLOCK, {0}, {0}, 1
    waiting: list[tuple[Node, int]] = [(root, 0)]
    while waiting:
        node, position = waiting.pop()
        while first in used:
            first += 1
        base = _free_base(node, used, bases, first)
        bases.add(base)
        if (base ^ position) >= 1 << 21:
            raise ValueError("字符表过大")
        if (base | 0xFF) >= len(units):
            units.extend([0] * ((base | 0xFF) + 1 - len(units)))
        units[position] |= (base ^ position) << 10
        for label, child in node.items():
            place = base ^ label
            used.add(place)
            if isinstance(child, int):
                units[position] |= _HAS_VALUE
                units[place] = _VALUE | child
            else:
                units[place] = label
                waiting.append((child, place))
    return units


def _free_base(node: Node, used: set[int], bases: set[int], first: int) -> int:
    """Smallest base from ``first`` on that no other node has (labels could not tell them apart) with room for all."""
    base = first
    while base in bases or any(base ^ label in used for label in node):
        base += 1
    return base
