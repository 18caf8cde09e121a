"""Writing files: the new one or the old one, whatever happens."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from p2p_toolkit import files
from p2p_toolkit.errors import CannotWrite


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_a_full_disk_is_told() -> None:
    with pytest.raises(CannotWrite, match="No space left on device"):
        files.write(Path("/dev/full"), ["x" * 100])


def test_a_device_is_written_to_and_not_replaced() -> None:
    files.write(Path(os.devnull), ["x"])
    assert not Path(os.devnull).is_file()


def test_a_link_is_followed(tmp_path: Path) -> None:
    (tmp_path / "real.md").write_text("old")
    (tmp_path / "link.md").symlink_to("real.md")
    files.write(tmp_path / "link.md", ["new"], replace=True)
    assert ((tmp_path / "real.md").read_text(), (tmp_path / "link.md").is_symlink()) == ("new", True)


KILLED = """
import os, sys, pathlib
from p2p_toolkit import files
os.fsync = lambda _: os._exit(9)
files.write(pathlib.Path(sys.argv[1]), ["new"], replace=True)
"""


def test_a_crash_while_writing_leaves_the_old_file(tmp_path: Path) -> None:
    (tmp_path / "page.md").write_text("old")
    assert subprocess.run([sys.executable, "-c", KILLED, tmp_path / "page.md"], check=False).returncode == 9
    assert (tmp_path / "page.md").read_text() == "old"


def test_a_failure_while_writing_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(CannotWrite):
        files.write(tmp_path / "page.md", ["new"])
    assert list(tmp_path.iterdir()) == []
