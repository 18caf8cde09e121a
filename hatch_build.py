"""Builds the index of the bundled records when the wheel is built, so that p2p starts without parsing them."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class IndexBuildHook(BuildHookInterface):  # type: ignore[type-arg]  # generic only in hatchling's own checks
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        # An editable install runs from the checkout, where the records may change at any time.
        if version == "editable":
            return
        sys.path.insert(0, str(Path(self.root) / "src"))
        from p2p_toolkit.library import write_index
        from p2p_toolkit.store import read_bundled, read_rules, read_synonyms

        self.folder = tempfile.TemporaryDirectory()
        index = Path(self.folder.name) / "index.sqlite"
        bundled = read_bundled()
        write_index(index, bundled, read_synonyms(), read_rules(bundled))
        build_data["force_include"][str(index)] = "p2p_toolkit/index.sqlite"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        if version != "editable":
            self.folder.cleanup()
