"""Consent for websites: what a category means, which one a cookie belongs to, and what a file shows of a site's cookies."""

from p2p_toolkit.consent.terms import categories, explain, label, schemes, translate

__all__ = ["categories", "explain", "label", "schemes", "translate"]
