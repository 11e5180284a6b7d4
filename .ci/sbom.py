"""The software bill of materials: what an installed lenrx consists of, as CycloneDX 1.6 JSON.

    venv/bin/python .ci/sbom.py >lenrx.cdx.json

Run by the Python of a clean environment into which the wheel was installed. The same environment
gives the same bytes: there is no clock and no random number in it.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from typing import Any


def key(name: str) -> str:
    """A name as registries compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def needs(found: Distribution) -> Iterator[str]:
    """The names of what a distribution requires and is installed; extras are not followed."""
    for text in found.requires or []:
        wanted = re.match(r"[\w.-]+", text)
        if wanted and "extra ==" not in text:
            try:
                distribution(wanted[0])
            except PackageNotFoundError:
                continue
            yield key(wanted[0])


def reached(name: str) -> dict[str, Distribution]:
    """A distribution and all that it needs, by name."""
    found, todo = dict[str, Distribution](), [key(name)]
    while todo:
        each = todo.pop()
        if each not in found:
            found[each] = distribution(each)
            todo += needs(found[each])
    return dict(sorted(found.items()))


def component(name: str, found: Distribution) -> dict[str, Any]:
    """One distribution as CycloneDX has it."""
    purl = f"pkg:pypi/{name}@{found.version}"
    told = found.metadata.get("License-Expression") or found.metadata.get("License") or ""
    licence = [{"license": {"name": told.splitlines()[0].strip()}}] if told.strip() else []
    more = {"licenses": licence} if licence else {}
    return {
        "type": "library",
        "bom-ref": purl,
        "name": name,
        "version": found.version,
        "purl": purl,
        **more,
    }


def bill(name: str) -> dict[str, Any]:
    """The bill of one installed distribution."""
    found = reached(name)
    parts = {each: component(each, what) for each, what in found.items()}
    own = parts[key(name)]
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": {**own, "type": "application"}},
        "components": [part for part in parts.values() if part is not own],
        "dependencies": [
            {
                "ref": parts[each]["bom-ref"],
                "dependsOn": [parts[other]["bom-ref"] for other in sorted(set(needs(what)))],
            }
            for each, what in found.items()
        ],
    }


if __name__ == "__main__":
    json.dump(bill("lenrx"), sys.stdout, indent=2)
    sys.stdout.write("\n")
