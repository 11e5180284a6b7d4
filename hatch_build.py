"""Build hook: compile the YAML catalogue to JSON inside the wheel, so that no start parses YAML."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompileCatalogue(BuildHookInterface[Any]):
    """Adds `lenrx/data/catalogue.json`, tied to the YAML by its sha256, to a standard wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile, unless this is an editable install, which reads `data/` live."""
        if version == "editable":
            return
        root = Path(self.root)
        sys.path.insert(0, str(root / "src"))
        from lenrx.catalogue.loading import COMPILED
        from lenrx.catalogue.strict_yaml import read

        data, sha256, _ = read(root / "data")
        target = Path(self.directory) / COMPILED
        target.parent.mkdir(parents=True, exist_ok=True)
        compiled = json.dumps({"sha256": sha256, "data": data}, separators=(",", ":"))
        target.write_text(compiled, encoding="utf-8")
        build_data["force_include"][str(target)] = f"lenrx/data/{COMPILED}"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Leave nothing but the wheel beside the wheel."""
        if version == "editable":
            return
        from lenrx.catalogue.loading import COMPILED

        (Path(self.directory) / COMPILED).unlink(missing_ok=True)
