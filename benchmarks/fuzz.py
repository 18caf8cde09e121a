"""Bytes of all sorts at every door through which bytes come in, guided by the code that they reach.

    python benchmarks/fuzz.py [SECONDS] [DOOR...]

Each door gets so many seconds (60 by default) in a process of its own, and what was tried and found is printed as a
table. It needs atheris (pip install atheris), which Python 3.11 to 3.13 on Linux and macOS have. Bytes that p2p did
not stand are kept in a file beside this one's working folder, named in the table; put them into tests/doors.py as a
seed.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
# A file of that size has room for every fault; longer ones only take longer.
LONGEST = 4_096
# The limit for one input, in seconds: whatever takes longer counts as a fault.
SLOWEST = 20


def knock(name: str, seconds: str, corpus: str) -> None:
    """In a process of its own, since atheris ends it."""
    import atheris

    sys.path.insert(0, str(HERE.parent / "tests"))
    with atheris.instrument_imports(include=["p2p_toolkit"]):
        from doors import DOORS

    enter, seeds = DOORS[name]
    for number, seed in enumerate(seeds):
        (Path(corpus) / f"seed-{number}").write_bytes(seed)
    options = [f"-max_total_time={seconds}", f"-max_len={LONGEST}", f"-timeout={SLOWEST}", "-rss_limit_mb=4096", "-print_final_stats=1"]
    atheris.Setup([sys.argv[0], *options, corpus], enter)
    atheris.Fuzz()


def main() -> None:
    seconds = sys.argv[1] if len(sys.argv) > 1 else "60"
    sys.path.insert(0, str(HERE.parent / "tests"))
    from doors import DOORS

    print("| door | inputs | seconds | found |\n| --- | --- | --- | --- |")
    for name in sys.argv[2:] or DOORS:
        with tempfile.TemporaryDirectory() as corpus:
            start = time.perf_counter()
            command = [sys.executable, __file__, "--knock", name, seconds, corpus]
            done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False)
            spent = time.perf_counter() - start
        told = done.stderr.decode(errors="replace")
        tried = re.findall(r"stat::number_of_executed_units: (\d+)", told) or re.findall(r"^#(\d+)", told, re.MULTILINE) or ["0"]
        raised = re.findall(r"^(?:\w+\.)*\w*(?:Error|Exception).*|^SUMMARY:.*", told, re.MULTILINE)
        kept = re.findall(r"Test unit written to (\S+)", told)
        found = f"{raised[0][:80] if raised else 'ended early'}: {kept[0] if kept else ''}" if done.returncode else "nothing"
        print(f"| {name} | {int(tried[-1]):,} | {spent:.0f} | {found} |", flush=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--knock"]:
        knock(*sys.argv[2:5])
    else:
        main()
