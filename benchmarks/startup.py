"""How long whole commands take, against an empty Typer app in the same environment.

    python benchmarks/startup.py [ROUNDS]

Runs ours and the empty app in turn, so that a busy machine slows both, and prints the median of each and
the median of the ratios, pair by pair. Use the Python that p2p is installed in; the figures hold for an
installed wheel, which carries its index. Other tools that find something offline are run in the same way
where they are installed beside it: pip install tldr papis buku sqlite-utils
"""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

EMPTY = """
import typer
app = typer.Typer(rich_markup_mode=None, add_completion=False)
@app.command()
def main(word: str) -> None:
    pass
app()
"""

# What is run, and the ratio to stay under.
COMMANDS = {
    "p2p search oldham --json": (["search", "oldham", "--json"], {}, 1.5),
    "p2p show croydon, with panels": (["show", "croydon"], {"FORCE_COLOR": "1"}, 2.2),
    "p2p search oldahm --json (a typo)": (["search", "oldahm", "--json"], {}, None),
    "p2p show croydon --json": (["show", "croydon", "--json"], {}, None),
    "p2p list, with a table": (["list"], {"FORCE_COLOR": "1"}, None),
    "p2p --help": (["--help"], {}, None),
}

# What other tools do that is nearest to a search, offline, and the files they need for it in an empty home.
PEERS = {
    "tldr tar": {".cache/tldr/pages/common/tar.md": "# tar\n\n> Archiving utility.\n\n- Create an archive:\n\n`tar cf {{a.tar}} {{b}}`\n"},
    "papis list oldham": {
        ".config/papis/config": "[settings]\ndefault-library = papers\n[papers]\ndir = ~/papers\n",
        "papers/oldham/info.yaml": "title: Oldham\n",
    },
    "buku --nostdin --np --sany oldham": {},
    "sqlite-utils memory 'select 1'": {},
}


def seconds(command: list[str], environment: dict[str, str]) -> float:
    start = time.perf_counter()
    quiet = subprocess.DEVNULL
    subprocess.run(command, stdin=quiet, stdout=quiet, stderr=quiet, env={**os.environ, **environment}, check=True)
    return time.perf_counter() - start


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 21
    p2p = str(Path(sys.executable).with_name("p2p"))
    with tempfile.TemporaryDirectory() as folder:
        empty = Path(folder) / "empty.py"
        empty.write_text(EMPTY)
        base = [sys.executable, str(empty), "word"]
        print("| command | ms | empty Typer app, ms | ratio | at most |\n| --- | --- | --- | --- | --- |")
        for name, (arguments, environment, most) in COMMANDS.items():
            pairs = [(seconds([p2p, *arguments], environment), seconds(base, {})) for _ in range(rounds + 2)][2:]
            ours, theirs = (median(column) * 1000 for column in zip(*pairs, strict=True))
            ratio = median(one / two for one, two in pairs)
            print(f"| {name} | {ours:.0f} | {theirs:.0f} | {ratio:.2f} | {most or ''} |")
    peers(rounds, [p2p, "search", "oldham", "--json"])


def peers(rounds: int, ours: list[str]) -> None:
    beside = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    print("\n| another tool | ms | p2p search oldham --json, ms | how many times ours |\n| --- | --- | --- | --- |")
    for line, files in PEERS.items():
        name, *arguments = shlex.split(line)
        found = shutil.which(name, path=beside)
        if not found:
            print(f"| {line} | not installed | | |")
            continue
        with tempfile.TemporaryDirectory() as home:
            for path, text in files.items():
                (Path(home) / path).parent.mkdir(parents=True, exist_ok=True)
                (Path(home) / path).write_text(text)
            kept = {
                f"XDG_{what}_HOME": f"{home}/{where}" for what, where in (("CACHE", ".cache"), ("CONFIG", ".config"), ("DATA", ".data"))
            }
            environment = {"HOME": home, **kept}
            pairs = [(seconds([found, *arguments], environment), seconds(ours, environment)) for _ in range(rounds + 2)][2:]
        theirs, own = (median(column) * 1000 for column in zip(*pairs, strict=True))
        print(f"| {line} | {theirs:.0f} | {own:.0f} | {median(one / two for one, two in pairs):.1f} |")


if __name__ == "__main__":
    main()
