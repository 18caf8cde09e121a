"""So that `python -m p2p_toolkit` is `p2p`."""

from p2p_toolkit.cli import run

run()
