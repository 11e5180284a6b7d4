"""`python -m lenrx.cli.schemas DIR`: writes the JSON Schemas of the data files."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from lenrx.catalogue.schema import FILES, written


def main(arguments: Sequence[str]) -> int:
    """Write the schemas into the folder named by the only argument."""
    if len(arguments) != 1 or not Path(arguments[0]).is_dir():
        print("usage: python -m lenrx.cli.schemas DIR", file=sys.stderr)
        return 2
    for name in FILES:
        path = Path(arguments[0]) / f"{name}.schema.json"
        path.write_text(written(name), encoding="utf-8")
        print(path)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
