"""The `p2p` command, and `python -m p2p_toolkit`."""

import gc
import sys

# A command makes some ten thousand objects and is done. Looking for cycles among them, while it loads and once more when it ends, takes
# a fifth of its time; what runs for longer still has them looked for.
OBJECTS_BETWEEN_SEARCHES = 100_000


def run() -> None:
    """Run the command line and leave with its exit code, also when interrupted while it is still loading."""
    gc.set_threshold(OBJECTS_BETWEEN_SEARCHES)
    try:
        from p2p_toolkit.cli import main

        code = main()
        gc.freeze()
    except (KeyboardInterrupt, RuntimeError) as error:
        # Not at the top: what is loaded there is interrupted with a traceback.
        from p2p_toolkit.errors import Exit, was_interrupted

        if not was_interrupted(error):
            raise
        code = Exit.INTERRUPTED
    sys.exit(code)


if __name__ == "__main__":
    run()
