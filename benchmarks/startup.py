"""How long whole commands take, against an empty Typer app in the same environment.

    python benchmarks/startup.py [ROUNDS]

Runs ours and the empty app in turn, so that a busy machine slows both, and prints the median of each and
the median of the ratios, pair by pair. Use the Python that p2p is installed in; the figures of DESIGN hold
for an installed wheel, which carries its index.
"""

from __future__ import annotations

import os
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


def seconds(command: list[str], environment: dict[str, str]) -> float:
    start = time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env={**os.environ, **environment}, check=True)
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


if __name__ == "__main__":
    main()
