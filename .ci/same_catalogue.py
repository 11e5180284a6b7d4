"""Whether an installed wheel's compiled catalogue is the YAML of this checkout, by digest.

Usage: python .ci/same_catalogue.py PYTHON_OF_THE_INSTALL DATA_FOLDER
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from lenrx.catalogue.strict_yaml import read


def main(python: str, folder: str) -> int:
    """0 when both digests agree."""
    script = "from lenrx.catalogue.loading import load; print(load().sha256)"
    done = subprocess.run(
        [python, "-c", script], capture_output=True, text=True, check=True, cwd="/"
    )
    _, expected, _ = read(Path(folder))
    found = done.stdout.strip()
    print(
        f"compiled {found[:12]}, YAML {expected[:12]}: {'same' if found == expected else 'DIFFER'}"
    )
    return 0 if found == expected else 1


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:]))
