"""The `p2p` command, and `python -m p2p_toolkit`."""

import sys

from p2p_toolkit.errors import Exit


def run() -> None:
    """Run the command line and leave with its exit code, also when interrupted while it is still loading."""
    try:
        from p2p_toolkit.cli import main

        code = main()
    except KeyboardInterrupt:
        code = Exit.INTERRUPTED
    sys.exit(code)


if __name__ == "__main__":
    run()
