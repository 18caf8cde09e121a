"""p2p: precedents, lawful routes and honest answers for public service partnerships."""

__version__ = "0.1.0"
