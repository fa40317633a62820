"""Fail when a Python file of the application is longer than 400 lines."""

from __future__ import annotations

import sys
from pathlib import Path

LIMIT = 400
PACKAGES = ("corpora", "index", "alignment", "api", "eval", "tools")


def main() -> int:
    """Print the files above the limit; 1 when there are any."""
    root = Path(__file__).resolve().parents[1]
    lengths = {
        path.relative_to(root): sum(1 for _ in path.open(encoding="utf-8"))
        for package in PACKAGES
        for path in sorted((root / package).rglob("*.py"))
    }
    long = {path: lines for path, lines in lengths.items() if lines > LIMIT}
    for path, lines in long.items():
        print(f"{path}: {lines} lines, more than {LIMIT}: split by meaning")
    return 1 if long else 0


if __name__ == "__main__":
    sys.exit(main())
