"""c15t 2: the options of its runtime (`ConsentRuntimeOptions`, dist-types/runtime/index.d.ts of the package)."""

from __future__ import annotations

from collections.abc import Sequence

from p2p_toolkit.consent.cookies import Row
from p2p_toolkit.consent.rules import NECESSARY
from p2p_toolkit.library import Entry
from p2p_toolkit.render.banners.script import comment, literal
from p2p_toolkit.render.banners.sorting import Banner, named, number, own, sort

OWN = own("c15t", "c15t", "365 days")

# c15t has these five names and no others.
NAMES = {
    NECESSARY: "necessary",
    "functional": "functionality",
    "analytical": "measurement",
    "performance": "measurement",
    "advertisement": "marketing",
}


def banner(rows: Sequence[Row], categories: Sequence[Entry], today: str) -> Banner:
    """The categories that the site's cookies fall into, by c15t's names."""
    sorted = sort(rows, categories, OWN)
    present = [NAMES[group.id] for group in sorted.groups if group.id in NAMES]
    options = {"mode": "offline", "consentCategories": list(dict.fromkeys(present))}
    top = comment(
        (
            f"Options for c15t 2, made by p2p on {today}, for getOrCreateConsentRuntime. Read them before you publish them.",
            'Give each script a category from this list. "offline" keeps the answer in the visitor\'s browser only;',
            'with a server of your own, write mode: "hosted" and its backendURL.',
        )
    )
    notes = [*sorted.notes, number(OWN), "c15t takes no lists of cookies: it holds scripts back, and clears nothing that they have set."]
    if any(group.id == "functional" for group in sorted.groups):
        notes.append("c15t also has experience: give it to videos, maps and other embeds, and add it to consentCategories.")
    unknown = [row for group in sorted.groups if group.id not in NAMES for row in group.rows]
    if unknown:
        notes.append(named("In categories that c15t does not have, and left out", unknown))
    return Banner((top, f"export default {literal(options)};\n"), tuple(notes))
